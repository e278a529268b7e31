/** Numbers as words: those that a price or a phone can be said with. Words that mean something else, too, are left out. */
const words: Readonly<Record<number, string>> = {
  0: 'zero ноль нуль cero zéro',
  1: 'one один одна одно одну одного одной uno una ein eine',
  2: 'two два две двух двум дві двох dos zwei deux dois duas',
  3: 'three три трех трёх трьох tres drei trois três tre',
  4: 'four четыре четырех четырёх чотири cuatro vier quatre quatro quattro',
  5: 'five пять пяти пʼять cinco fünf cinq cinque',
  6: 'six шесть шести шість seis sechs',
  7: 'seven семь семи сім siete sieben sete sette',
  8: 'eight восемь восьми вісім ocho acht huit oito otto',
  9: 'nine девять девяти девʼять nueve neun nove',
  10: 'ten десять десяти diez zehn dix dez dieci',
  11: 'eleven одиннадцать одиннадцати одинадцять onze',
  12: 'twelve двенадцать двенадцати дванадцять doce zwölf douze dozen дюжина дюжину',
  13: 'thirteen тринадцать тринадцати trece dreizehn treize',
  14: 'fourteen четырнадцать четырнадцати catorce vierzehn quatorze',
  15: 'fifteen пятнадцать пятнадцати quince fünfzehn quinze',
  16: 'sixteen шестнадцать шестнадцати dieciséis sechzehn seize',
  17: 'seventeen семнадцать семнадцати diecisiete siebzehn',
  18: 'eighteen восемнадцать восемнадцати dieciocho achtzehn',
  19: 'nineteen девятнадцать девятнадцати diecinueve neunzehn',
  20: 'twenty двадцать двадцати veinte zwanzig vingt vinte venti',
  30: 'thirty тридцать тридцати treinta dreißig dreissig trente trinta',
  40: 'forty сорок сорока cuarenta vierzig quarante quarenta',
  50: 'fifty пятьдесят пятидесяти полтинник пʼятдесят cincuenta fünfzig cinquante cinquenta',
  60: 'sixty шестьдесят шестидесяти шістдесят sesenta sechzig soixante',
  70: 'seventy семьдесят семидесяти setenta siebzig',
  80: 'eighty восемьдесят восьмидесяти ochenta achtzig',
  90: 'ninety девяносто noventa neunzig',
  100: 'сто ста сотня сотню сотка сотку cien ciento cem',
  200: 'двести двухсот двісті doscientos duzentos',
  300: 'триста трехсот трёхсот trescientos trezentos',
  400: 'четыреста четырехсот чотириста cuatrocientos',
  500: 'пятьсот пятисот пятихатка пятихатку пʼятсот quinientos quinhentos cinquecento',
  600: 'шестьсот шестисот шістсот seiscientos',
  700: 'семьсот семисот сімсот setecientos',
  800: 'восемьсот восьмисот вісімсот ochocientos',
  900: 'девятьсот девятисот девʼятсот novecientos',
};
const scales: Readonly<Record<number, string>> = {
  100: 'hundred hundreds сот hundert',
  1000: 'thousand thousands тысяча тысячи тысяч тысячу тыс тыщ тыща тыщи тыщу косарь косаря тисяча тисячі тисяч mil tausend mille mila grand k к',
  1_000_000: 'million миллион миллиона миллионов млн millón millones',
};
const halves = new Map([
  ['полтора', 1.5],
  ['полторы', 1.5],
  ['полутора', 1.5],
]);
const connectors = new Set(['and', 'и', 'y', 'und', 'et', 'e', 'i']);

const valueOf = new Map(
  Object.entries(words).flatMap(([value, list]) => list.split(' ').map((word) => [word, Number(value)])),
);
const scaleOf = new Map(
  Object.entries(scales).flatMap(([value, list]) => list.split(' ').map((word) => [word, Number(value)])),
);

export interface NumberInWords {
  /** One number, or several that were said one after the other, as a phone is. */
  readonly values: readonly number[];
  readonly at: number;
  readonly end: number;
  readonly words: string;
}

/** Of a word alone: 1000 for "тыс". */
export function scaleOfWord(word: string): number | undefined {
  return scaleOf.get(word);
}

/** @param text as `plain` makes it */
export function numbersInWords(text: string): readonly NumberInWords[] {
  const found: NumberInWords[] = [];
  let run = new Run();
  let [at, end] = [0, 0];
  const close = (): void => {
    if (run.values.length > 0) found.push({ values: run.values, at, end, words: text.slice(at, end) });
    run = new Run();
  };
  for (const { 0: word, index } of text.matchAll(/[\p{L}ʼ'’]+|[^\p{L}\s-]/gu)) {
    const said = word.replaceAll(/['’]/gu, 'ʼ');
    if (run.values.length > 0 && connectors.has(said)) continue;
    const parts = partsOf(said, run.values.length > 0);
    if (parts.length === 0) {
      close();
      continue;
    }
    if (run.values.length === 0) at = index;
    end = index + word.length;
    for (const part of parts) run.add(part);
  }
  close();
  return found;
}

interface Part {
  readonly value: number;
  readonly scale: boolean;
}

function partsOf(word: string, running: boolean): readonly Part[] {
  const value = valueOf.get(word) ?? halves.get(word);
  if (value !== undefined) return [{ value, scale: false }];
  const scale = scaleOf.get(word);
  // A letter is a thousand only after a number; "hundreds" without one is no figure.
  if (scale !== undefined) return running || (word.length > 3 && scale >= 1000) ? [{ value: scale, scale: true }] : [];
  return word.length > 6 && word.length < 60 ? germanParts(word) : [];
}

/** "fünfhundertzwanzig" is one word. */
function germanParts(word: string): readonly Part[] {
  const split = /^(.*?)(tausend|hundert)(.*)$/u.exec(word);
  if (split) {
    const [, before = '', scale = '', after = ''] = split;
    const first = before === '' ? [] : partsOf(before, false);
    const rest = after === '' ? [] : partsOf(after, true);
    if ((before !== '' && first.length === 0) || (after !== '' && rest.length === 0)) return [];
    return [...first, { value: scaleOf.get(scale) ?? 1, scale: true }, ...rest];
  }
  const tens = /^(.+)und(.+)$/u.exec(word);
  const [one, ten] = [valueOf.get(tens?.[1] ?? ''), valueOf.get(tens?.[2] ?? '')];
  return one !== undefined && ten !== undefined ? [{ value: one + ten, scale: false }] : [];
}

/** Puts parts together: after "twenty" comes "five", after "nine" another number begins. */
class Run {
  readonly values: number[] = [];
  #room = 0;

  add({ value, scale }: Part): void {
    const last = this.values.at(-1);
    if (scale) {
      this.#scale(last, value);
    } else if (last !== undefined && value > 0 && value < this.#room) {
      this.values[this.values.length - 1] = last + value;
      this.#room = roomAfter(value);
    } else {
      this.values.push(value);
      this.#room = roomAfter(value);
    }
  }

  #scale(last: number | undefined, scale: number): void {
    if (last === undefined) this.values.push(scale);
    else {
      // In "two thousand five hundred" only the five are hundreds.
      const under = last % 1000 === 0 || scale > 100 ? last : last % 100;
      this.values[this.values.length - 1] = last - under + under * scale;
    }
    this.#room = scale;
  }
}

function roomAfter(value: number): number {
  if (value >= 100) return 100;
  return value >= 20 && value % 10 === 0 ? 10 : 0;
}
