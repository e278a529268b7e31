/** Small words that a text of a few sentences can hardly do without, and that few other languages have. */
const smallWords: Readonly<Record<string, string>> = {
  en: 'i my me a an if but or so was were would could should am by as any some the and is are you we our your for with from of to in on at it be can do have has this that not will please yes every how much what when where which there they',
  es: 'el los las una unos es son y de del por para con sin su sus nuestro nuestra usted ustedes que en cuánto cuesta cuándo dónde cómo está están hay sí pero muy todos días hasta desde al lo gracias hola puede tenemos',
  de: 'der die das und ist sind wir sie ihr ihre mit von für auf ein eine einen nicht auch bei bis kostet wie viel wann wo gibt es ja nein bitte danke täglich uns unsere können haben im am zum zur',
  fr: 'le la les des et est sont nous vous votre vos notre pour avec sans dans une un du au aux que qui combien coûte quand où oui non merci bonjour tous jours de pas sur livrons ouvert',
  it: 'il lo gli della dei delle è sono e noi voi per con senza nel una uno del che quanto costa quando dove sì no grazie ciao tutti giorni non di consegniamo siamo aperti',
  pt: 'os as um uma é são e nós você vocês nosso nossa para com sem em no na do da dos que quanto custa quando onde sim não obrigado olá todos dias até temos entregamos',
  nl: 'de het een en is zijn wij u uw onze voor met van op in niet ook bij tot kost hoeveel wanneer waar ja nee bedankt elke dag wij bezorgen kunnen',
  pl: 'jest są i w z na do od dla nie tak my państwo nasz nasza ile kosztuje kiedy gdzie czy proszę dziękuję codziennie dzień dobry mamy można oraz przez',
  tr: 've bir bu için ile biz siz değil evet hayır ne kadar zaman nerede var yok her gün teslimat ediyoruz merhaba teşekkürler olarak çok',
  ru: 'и в на с по у к не что это как для мы вы ваш наш есть от до за из или да нет сколько стоит когда где можно каждый день ли бы же вас нас еще ещё уже только также при',
  uk: 'і й та у в на з по до не що це як для ми ви ваш наш є від за чи або так ні скільки коштує коли де можна щодня день ще вже тільки також при вас нас його',
  be: 'і ў на з па да не што гэта як для мы вы ваш наш ёсць ад за ці або так колькі каштуе калі дзе можна кожны дзень яшчэ ужо толькі',
  bg: 'и в на с по за не че това как ние вие вашият е са от до или да колко струва кога къде може всеки ден ще има няма се също',
  kk: 'және мен бұл үшін біз сіз емес иә жоқ қанша тұрады қашан қайда бар күн сайын жеткіземіз бойынша дейін немесе деген бір',
  sr: 'и у на са за не што је то како ми ви ваш су од до или да колико кошта када где може сваки дан има нема се',
};
/** Letters that only some of the languages of a script have. */
const ownLetters: readonly (readonly [RegExp, readonly string[]])[] = [
  [/[ыэъ]/u, ['ru', 'be', 'kk', 'bg']],
  [/[ёщ]/u, ['ru', 'be', 'kk', 'uk', 'bg']],
  [/[їєґ]/u, ['uk']],
  [/[ў]/u, ['be']],
  [/[әғқңөұүһ]/u, ['kk']],
  [/[ђјљњћџ]/u, ['sr']],
  [/[ñ¿¡]/u, ['es']],
  [/[ßäö]/u, ['de', 'tr', 'nl']],
  [/[ğışİ]/u, ['tr']],
  [/[ãõ]/u, ['pt']],
  [/[ąęłśźżń]/u, ['pl']],
];
const languagesOf = new Map<string, string[]>();
for (const [language, list] of Object.entries(smallWords)) {
  for (const word of new Set(list.split(' '))) languagesOf.set(word, [...(languagesOf.get(word) ?? []), language]);
}

/** So many points more than the next one make a language clear. */
const clearBy = 1.5;
const least = 1.5;

/**
 * The language of a text (ISO 639-1) when its small words leave no doubt; undefined for what is short, mixed or of a
 * language that is not known here. Linear in the text.
 */
export function languageOf(text: string): string | undefined {
  const scores = new Map<string, number>();
  const give = (language: string, points: number): void =>
    void scores.set(language, (scores.get(language) ?? 0) + points);
  const small = text.toLowerCase().normalize('NFC');
  for (const [word] of small.matchAll(/\p{L}+/gu)) {
    const of = languagesOf.get(word) ?? [];
    // A word that three languages have says a third of each.
    for (const language of of) give(language, 1 / of.length);
    for (const [letters, languages] of ownLetters) {
      if (letters.test(word)) for (const language of languages) give(language, 0.5 / languages.length);
    }
  }
  const [best, second] = [...scores].toSorted(([, one], [, other]) => other - one);
  if (!best || best[1] < least) return undefined;
  return second && best[1] < second[1] * clearBy ? undefined : best[0];
}
