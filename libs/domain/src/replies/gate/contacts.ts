import { looksLatin, plain, unmixed, unspelled } from './readings.js';
import { numbersInWords } from './number-words.js';

/** Endings of addresses that are written for people; of those that are words, too, only where nothing else is meant. */
const endings =
  'com|net|org|info|biz|io|co|shop|store|online|site|website|top|xyz|club|app|dev|link|live|pro|gg|ly|tv|cc|ws|space|' +
  'click|cafe|bar|vip|win|bid|fun|icu|buzz|page|team|world|today|life|blog|news|mobi|name|tel|asia|travel|email|' +
  'delivery|market|sale|deals|money|cash|bet|casino|promo|gift|gifts|example|test|ru|su|by|kz|ua|uz|kg|am|ge|de|fr|' +
  'es|it|pt|pl|nl|at|ch|uk|eu|us|ca|br|cn|jp|in|tr|ae|il|me|to|gd|gl|is|tk|ml|ga|cf|ai|sh|st|fm|sk|cz|se|fi|dk|no|' +
  'py|рф|ру|рус|онлайн|сайт|ком|орг|нет|укр|бел|москва|дети|шоп|инфо';
/** As they are said for a dot, a slash, an "at". */
const dotWords = 'dot|точка|тчк|punkt|punto|ponto|point|крапка|нүкте|d0t';
const atWords = 'at|собака|собачка|arroba|ät|эт|кляммераффе|klammeraffe|chiocciola|сабака';

// Each goes over a text once: no repetition within a repetition, and none without an end.
const patterns: readonly RegExp[] = [
  /(?:h[tx]{2}p|ftp|wss?)s? ?:? ?\/ ?\/ ?\S{1,200}|(?<![\p{L}\p{Nd}])h[tx]{2}ps?(?![\p{L}\p{Nd}])|(?<![\p{L}\p{Nd}])www[ .]{1,3}\S{1,200}/gu,
  /xn--[a-z\d-]{1,60}/gu,
  // A dot between letters with something like an ending; a single letter behind it is an abbreviation.
  /(?<![\p{L}\p{Nd}._-])[\p{L}\p{Nd}_-]{1,63}(?:\.[\p{L}\p{Nd}_-]{1,63}){0,5}\.\p{L}{2,24}(?![\p{L}\p{Nd}])(?:\/[^\s]{0,200})?/gu,
  /[\p{L}\p{Nd}._%+-]{1,64} ?[@＠] ?[\p{L}\p{Nd}-]{1,63}(?:\.[\p{L}\p{Nd}-]{1,63}){1,5}/gu,
  /(?<![\p{L}\p{Nd}])@ ?[\p{L}\p{Nd}._]{2,64}/gu,
  /\[?[a-f\d]{1,4}(?::[a-f\d]{0,4}){4,7}\]?|(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)|0x[a-f\d]{6,}/gu,
  // A name with an underscore is one of some network.
  /(?<![\p{L}\p{Nd}_])\p{L}[\p{L}\p{Nd}]{1,30}(?:_[\p{L}\p{Nd}]{1,30}){1,5}(?![\p{L}\p{Nd}_])/gu,
];
const spokenPatterns: readonly RegExp[] = [
  // "evil dot shop", "evil (dot) shop", "evil [.] com", "evil . com", "evil .com".
  new RegExp(
    `[\\p{L}\\p{Nd}-]{2,63} ?[(\\[{<"'*_-]{0,2} ?(?:(?:${dotWords})|(?<=[ (\\[{<"'*])[.,]|[.,](?=[)\\]}>"'*]))(?![\\p{L}\\p{Nd}]) ?[)\\]}>"'*_-]{0,2} ?(?:${endings})(?![\\p{L}\\p{Nd}])`,
    'gu',
  ),
  new RegExp(
    `[\\p{L}\\p{Nd}._-]{2,64} ?[(\\[{<"'*]{0,2} ?(?:${atWords}) ?[)\\]}>"'*]{0,2} ?(?:[\\p{L}\\p{Nd}-]{2,63}) ?[(\\[{<]{0,2} ?(?:\\.|${dotWords}) ?[)\\]}>]{0,2} ?(?:${endings})(?![\\p{L}\\p{Nd}])`,
    'gu',
  ),
  // "t me/name", "bit ly/abc", "evil com/win".
  new RegExp(
    `(?<![\\p{L}\\p{Nd}])[a-z\\d-]{1,63}[ .,](?:${endings}) ?(?:/|slash|слеш|слэш) ?[\\p{L}\\p{Nd}_-]{2,64}`,
    'gu',
  ),
  // "evil,com", "evil•com" (looks like a dot), "evil/com".
  new RegExp(
    `(?<![\\p{L}\\p{Nd}])[\\p{L}\\p{Nd}-]{2,63}[,/|:;](?:com|net|org|ru|shop|online|site|рф|io|me|xyz|store)(?![\\p{L}\\p{Nd}])`,
    'gu',
  ),
  // "evil com": only endings that are no words, behind something that is no sentence.
  /(?<![\p{L}\p{Nd}])(?:t me|bit ly|wa me|goo gl|vk cc|clck ru|gmail com|mail ru|yandex ru|ya ru|tinyurl com)(?![\p{L}\p{Nd}])/gu,
];
const spokenAt = new RegExp(`^[\\p{L}\\p{Nd}._-]{2,64} (?:${atWords}) `, 'u');
/** Where a brand's customers are led away to. Stands when a source names the same. */
const elsewhere: readonly (readonly [string, RegExp])[] = [
  ['one messenger', /(?<!\p{L})(?:te?l[eе]?gr?am+|teleg[ae]|телеграм+\p{L}{0,2}|телег[аеуи]|тг|tg)(?!\p{L})/u],
  [
    'another messenger',
    /(?<!\p{L})(?:wh?ats? ?app?|вот?[сц]ап\p{L}{0,2}|вац+ап\p{L}{0,2}|ватс?апп?\p{L}{0,2})(?!\p{L})/u,
  ],
  ['a third messenger', /(?<!\p{L})(?:viber|вайбер\p{L}{0,2})(?!\p{L})/u],
  [
    'another network',
    /(?<!\p{L})(?:wechat|вичат|skype|скайп\p{L}{0,2}|discord|дискорд\p{L}{0,2}|snapchat|onlyfans|face ?book|фейсбук\p{L}{0,2}|tik ?tok|тик ?ток\p{L}{0,2}|you ?tube|ютуб\p{L}{0,2}|vkontakte|вконтакте|paypal|пейпал|venmo|cash ?app|zelle|revolut|western union|киви|qiwi|юmoney|bitcoin|биткоин\p{L}{0,2}|usdt|crypto\p{L}{0,8}|крипт\p{L}{0,8}|сбп)(?!\p{L})/u,
  ],
  [
    'a mailbox',
    /(?<!\p{L})(?:gmail|hotmail|outlook|proton ?mail|icloud|yahoo|яндекс ?почт\p{L}|гмейл\p{L}{0,2}|жмейл\p{L}{0,2})(?!\p{L})/u,
  ],
];

/** Numbers to call or to pay to: seven digits and more with the usual separators, or single ones with any. */
const numbers: readonly RegExp[] = [
  /\+? ?\d(?:[ ().\-/]{0,3}\d){6,24}/gu,
  /(?<!\d)\d{1,3}(?:[^\p{L}\p{Nd}\n%₽$€]{1,3}\d{1,3}(?!\d)){5,20}/gu,
];

export interface Contact {
  readonly said: string;
  readonly stands: boolean;
}

/** Everything in the answer that leads a customer somewhere, and whether a source says it. @param text as written @param knownText the cited passages, as `plain` makes them */
export function contactsIn(text: string, knownText: string): readonly Contact[] {
  const said = withoutBrackets(plain(text));
  const known = knownContacts(knownText);
  const found: Contact[] = [];
  const add = (claim: string, stands: boolean): void => void found.push({ said: claim.trim(), stands });
  const readings = new Set([said, looksLatin(said), unspelled(said), looksLatin(unspelled(said)), unmixed(said)]);
  for (const reading of readings) {
    for (const pattern of patterns) {
      for (const [claim] of reading.matchAll(pattern)) {
        if (!isAbbreviation(claim)) add(claim, known.has(claim));
      }
    }
    for (const pattern of spokenPatterns) for (const [claim] of reading.matchAll(pattern)) add(claim, known.has(claim));
    for (const [name, pattern] of elsewhere) {
      const claim = pattern.exec(reading)?.[0];
      if (claim !== undefined) add(claim, pattern.test(known.text) || known.has(name));
    }
    for (const pattern of numbers) {
      for (const [claim] of digitLike(reading).matchAll(pattern)) {
        if (!isPriceList(claim, reading)) add(claim, known.hasDigits(claim));
      }
    }
  }
  for (const { values, words } of numbersInWords(said)) {
    const digits = values.join('');
    if (values.length >= 4 && digits.length >= 6) add(words, known.hasDigits(digits));
  }
  return found;
}

interface KnownContacts {
  readonly text: string;
  has(claim: string): boolean;
  hasDigits(claim: string): boolean;
}

function knownContacts(text: string): KnownContacts {
  const latin = looksLatin(text);
  const phones = [...text.matchAll(numbers[0] ?? /$/gu)]
    .map(([phone]) => digitsOf(phone))
    .filter((digits) => digits.length >= 7);
  return {
    text,
    has: (claim) => {
      const wanted = claim.trim().replace(/[.,;:!?)\]"']+$/u, '');
      // "The menu is at brand.com" reads like an e-mail, too.
      const behindAt = wanted.replace(spokenAt, '');
      return [wanted, behindAt].some((each) => each === '' || standsWhole(text, each) || standsWhole(latin, each));
    },
    hasDigits: (claim) => {
      const digits = digitsOf(claim);
      // With the country's number, with what is dialled instead of it, or without.
      return phones.some(
        (phone) => phone === digits || (digits.length >= 10 && phone.slice(-10) === digits.slice(-10)),
      );
    },
  };
}

/** As a whole: evil.shop does not stand in not-evil.shop. */
function standsWhole(known: string, wanted: string): boolean {
  for (let from = known.indexOf(wanted); from !== -1; from = known.indexOf(wanted, from + 1)) {
    const [before, after] = [known.slice(0, from), known.slice(from + wanted.length)];
    if (!/[\p{L}\p{Nd}_-]$/u.test(before) && !/^(?:[\p{L}\p{Nd}@_-]|\.[\p{L}\p{Nd}])/u.test(after)) return true;
  }
  return false;
}

/** "evil[.]com", "evil(dot)com": brackets around one word or sign are only there to hide it. */
function withoutBrackets(text: string): string {
  return text.replaceAll(/ ?[([{<]{1,2} ?([.@]|[\p{L}]{2,8}) ?[)\]}>]{1,2} ?/gu, (all, inner: string) =>
    /^[.@]$/u.test(inner) ? inner : new RegExp(`^(?:${dotWords}|${atWords})$`, 'u').test(inner) ? ` ${inner} ` : all,
  );
}

/** "e.g.", "т.е.", "a.m.", "с.-петербург": letters with dots that lead nowhere. */
function isAbbreviation(claim: string): boolean {
  return /^(?:\p{L}{1,2}\.){1,4}\p{L}{0,2}$/u.test(claim) && !new RegExp(`\\.(?:${endings})$`, 'u').test(claim);
}

/** "8 (9l6) OOO": letters that look like digits among digits. */
function digitLike(text: string): string {
  return text.replaceAll(/(?<!\p{L})[\doоlізzбsb|()+ -]*\d[\doоlізzбsb|()+ -]*(?!\p{L})/gu, (run) =>
    run.replaceAll(/[oоlізzбsb|]/gu, (letter) => digitFor.get(letter) ?? letter),
  );
}
const digitFor = new Map(
  [...'o0о0l1і1з3z2б6s5b6|1'.matchAll(/(.)(\d)/gu)].map(([, letter = '', digit = '']) => [letter, digit]),
);

/** "1000, 2000 и 5000 ₽" or "2 000 000 ₽" is no number to call. */
function isPriceList(claim: string, text: string): boolean {
  const said = claim.trim();
  if (digitsOf(said).length < 7) return true;
  const groups = said.split(/\D+/u);
  if (groups.length === 1 || said.startsWith('+')) return false;
  const after = text.slice(text.indexOf(claim) + claim.length);
  const isAmount = /^\d{1,3}(?: \d{3})+$/u.test(said) && /^ ?(?:[₽$€£₴₸]|руб|р\.|rub|usd|eur)/u.test(after);
  const isList = groups.length <= 4 && groups.every((group) => /^\d+00$/u.test(group));
  return isAmount || isList;
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/gu, '');
}
