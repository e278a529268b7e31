import type { ReasonCode } from '../../comments/reason-codes.js';
import { saysOfTheSame, sentenceAt, substance } from './grounding.js';
import type { Known } from './sources.js';

type GateReason = Extract<ReasonCode, `gate-${string}`>;

interface Wording {
  readonly reason: GateReason;
  /** For the person who looks at the draft. */
  readonly name: string;
  readonly pattern: RegExp;
  /** `source`: fine when a cited passage says it, too · `never`: not even then. */
  readonly unless: 'source' | 'never';
  /** "No discounts today" promises nothing. */
  readonly mayBeDenied?: true;
}

/** Words that begin like this, or that are this when a full stop follows: `free` is `free`, `discount*` also discounts. */
function words(list: string): RegExp {
  const parts = list
    .split(',')
    .map((word) => word.trim().replaceAll(/\s+/gu, '\\s+').replace(/\*$/u, '\\p{L}*'))
    .filter((word) => word !== '');
  return new RegExp(`(?<![\\p{L}\\p{Nd}])(?:${parts.join('|')})(?![\\p{L}\\p{Nd}])`, 'gu');
}

/** What an answer may only say when a source does, and what it may never say. Over all languages at once. */
const wordings: readonly Wording[] = [
  {
    reason: 'gate-figure',
    name: 'something free',
    unless: 'source',
    mayBeDenied: true,
    pattern:
      /(?<![\p{L}\p{Nd}-])(?:(?<!feel )(?<!sugar )(?<!gluten )(?<!lactose )(?<!dairy )(?<!nut )free(?! (?:from|of (?!charge))|-|dom)|complimentary|on the house|at no cost|no charge|бесплатн\p{L}*|безвозмездно|gratis|gratuit\p{L}*|kostenlos\p{L}*|umsonst|безкоштовн\p{L}*|безплатн\p{L}*|тегін|за наш счет|за наш счёт|zero cost)(?![\p{L}\p{Nd}])/gu,
  },
  {
    reason: 'gate-figure',
    name: 'a lower price',
    unless: 'source',
    mayBeDenied: true,
    pattern: words(
      `half price, half-price, half the price, half off, two for one, buy one get one, bogo, discount*, on sale, price cut, cheaper than, cheapest, lowest price*, cash back, cashback, bonus*, coupon*, voucher*, promo*, rebate*, полцены, за полцены, вполовину дешевле, вдвое дешевле, в два раза дешевле, скидк*, скидоч*, распродаж*, акци*, кэшбек*, кешбэк*, кэшбэк*, бонус*, купон*, промокод*, промо, дешевле, самые низкие цены, два по цене одного, вторая в подарок, второй в подарок, rabatt*, ermäßigung*, gutschein*, zum halben preis, descuento*, rebaja*, oferta*, mitad de precio, cupón, cupon, réduction*, remise*, moitié prix, знижк*, жеңілдік*, desconto*, sconto, sconti, indirim*`,
    ),
  },
  {
    reason: 'gate-figure',
    name: 'a gift',
    unless: 'source',
    mayBeDenied: true,
    pattern: words(
      `as a gift, gift with, free gift, we gift, gifts for, for nothing, give away, giving away, в подарок, подарим, дарим, раздаём, раздаем, даром, халяв*, als geschenk, geschenkt, de regalo, regalamos, en cadeau, у подарунок`,
    ),
  },
  {
    reason: 'gate-figure',
    name: 'a prize',
    unless: 'source',
    mayBeDenied: true,
    pattern: words(
      `giveaway*, you won, you have won, you.ve won, winner*, prize*, lottery, sweepstake*, розыгрыш*, вы выиграли, выигра*, приз, призы, лотере*, gewonnen, gewinnspiel*, sorteo*, premio*, concours, виграли, ұтып*`,
    ),
  },
  {
    reason: 'gate-figure',
    name: 'a last chance',
    unless: 'source',
    mayBeDenied: true,
    pattern: words(
      `today only, only today, last chance, limited time, ends tonight, ends today, expires, hurry, only a few left, last few, только сегодня, последний шанс, успейте, успей, спешите, поторопитесь, осталось всего, nur heute, letzte chance, solo hoy, última oportunidad, seulement aujourd.hui, тільки сьогодні`,
    ),
  },
  {
    reason: 'gate-promise',
    name: 'money back or a replacement',
    unless: 'source',
    pattern: words(
      `refund*, money back, your money, reimburse*, replace it, replacement*, верн*м деньги, вернём, вернем, возврат*, заменим, erstatt*, geld zurück, reembols*, devoluci*, devolver*, rembours*, поверн*м гроші, поверн*мо гроші, ақшаңызды қайтар*`,
    ),
  },
  {
    reason: 'gate-promise',
    name: 'a compensation',
    unless: 'source',
    pattern: words(
      `we will pay, we.ll pay, we pay you, pay you, we owe, compensat*, all your money, every cent, double your, возмест*, возмещ*, компенс*, выплат*, все деньги, всю сумму, до копейки, вдвойне, за свой счет, за свой счёт, entschädig*, indemniz*, dédommag*, відшкод*`,
    ),
  },
  {
    reason: 'gate-promise',
    name: 'a guarantee',
    unless: 'source',
    mayBeDenied: true,
    pattern: words(
      `guarante*, warrant*, we promise, i promise, promised, we swear, i swear, for sure, without fail, гарант*, обеща*, клян*, ручаемся, стопроцентно, garant*, versprechen, versprech*, prometemos, promet*, promett*, обіця*, кепілдік*`,
    ),
  },
  {
    reason: 'gate-promise',
    name: 'a legal statement',
    unless: 'source',
    pattern: words(
      `legal*, liab*, lawsuit*, sue us, in court, our fault, we are guilty, at fault, we admit, contract, binding, lawyer*, attorney*, юрид*, суд, суде, суда, в суд, судебн*, иск, иска, наша вина, по нашей вине, виноваты, признаем вину, признаём вину, признаём, адвокат*, юрист*, договор, обязуемся, обязательство*, rechtlich*, gesetzlich*, haftung, haften, anwalt*, abogad*, demanda*, culpa nuestra, nuestra culpa, juridique*, avocat*, notre faute, юридичн*`,
    ),
  },
  {
    reason: 'gate-promise',
    name: 'a promise about health',
    unless: 'source',
    pattern: words(
      `cure*, heals, healing, treats, medical*, medicine*, doctor*, safe for allerg*, safe for everyone, hypoallergenic, allergy-safe, completely safe, no allergens, allergen-free, allergen free, contains no, lose weight, лечит, лечеб*, вылеч*, исцел*, лекарств*, врач*, полностью безопас*, абсолютно безопас*, безопасн* для аллерг*, гипоаллерген*, не содержит аллергенов, без аллергенов, поху*ть, похуд*, heilt, arzt, allergenfrei, unbedenklich, cura, médico*, seguro para alérgic*, guérit, sans allergènes, лікує`,
    ),
  },
  {
    reason: 'gate-identity',
    name: 'that it is a machine, or that it is none',
    unless: 'never',
    pattern:
      /(?<!\p{L})(?:(?:i am|i.m|im|this is|we are|we.re|you.re (?:talking|chatting|speaking) (?:to|with)|you are (?:talking|chatting|speaking) (?:to|with)|as|being) (?:(?:just|only|really|actually|not|definitely|an?|the|your|100|real|human|living|virtual|simple|friendly|automated|autonomous|artificial|digital|helpful|large|trained|honest|brand.s) ){0,6}(?:a\.?i\.?|artificial intelligence|bot|chat ?bot|robot|machine|language model|model|llm|assistant|computer|program(?:me)?|human(?: being)?|person|real|human|employee|staff member|live agent|agent)(?!\p{L})|(?:(?:chat ?)?g\.?p\.?t(?:-?\d\p{L}*)?|open ?a\.?i|claude|anthr.pic|gemini|deep ?seek|llama ?\d|llm|mistral ai|language model|neural network|large language|artificial intelligence|chat ?bot)(?!\p{L})|языков\p{L}{2,3} модел\p{L}+|нейросет\p{L}+|нейронк\p{L}+|искусственн\p{L}{2,3} интеллект\p{L}*|чат-?бот\p{L}*|(?:я|мы|это|здесь|тут|вам отвечает|с вами говорит|с вами общается|отвечает вам) (?:[-—–]? ?(?:не|всего лишь|просто|только|обычный|живой|настоящий|реальный|виртуальный|умный|ваш|цифровой|автоматический|тоже|сам) ?){0,4}[-—–]? ?(?:бот|робот|ии|ai|чел[оa]век|люди|живой человек|программа|ассистент|помощник|автоответчик|машина|модель|нейросеть|сотрудник|оператор)(?!\p{L})|ich bin (?:(?:nur|kein|keine|ein|eine|echter|echte|wirklich) ){0,4}(?:ki|bot|roboter|mensch|sprachmodell|assistent|maschine)(?!\p{L})|(?:soy|somos) (?:(?:solo|un|una|no) ){0,3}(?:ia|bot|robot|humano|humana|asistente|persona|modelo)(?!\p{L})|je suis (?:(?:une?|pas|juste) ){0,3}(?:ia|robot|bot|humaine?|assistant)(?!\p{L})|sprachmodell|modelo de lenguaje|inteligencia artificial|künstliche intelligenz|я (?:- )?(?:людина|штучний інтелект))/gu,
  },
  {
    reason: 'gate-prompt',
    name: 'its own instructions',
    unless: 'never',
    pattern:
      /(?<!\p{L})(?:system ?prompt\p{L}*|prompts?(?! (?:delivery|service|reply|response|pickup|pick-up|payment))|jailbre\p{L}+|developer mode|dan mode|debug mode|(?:my|these|your|the|previous|prior|above|all|hidden|secret|initial|system|internal|original) (?:(?:previous|secret|system|hidden|initial|internal|original|prior) )?(?:instruction|directive|guideline|rule)s?(?! (?:for|on) (?:care|storage|keeping|use|baking|the box))|(?:i (?:was|am|have been|.m) (?:told|instructed|programmed|asked not|not allowed|ordered|trained))|ignor(?:e|ed|ing) (?:all|previous|my|the|your)|new task|override\p{L}*|pwned|hacked|hijack\p{L}*|prompt injection|системн\p{L}{2,3} (?:промпт|инструкц|сообщен|запрос)\p{L}*|промпт\p{L}*|(?:мои|моих|мне|свои|своих|наши внутренние|внутренние|внутренних|секретн\p{L}{2,3}|скрыт\p{L}{2,3}|предыдущи\p{L}|исходн\p{L}{2,3}) (?:дан\p{L}* )?(?:инструкц|указан|правил)\p{L}+|мне (?:велен|приказа|поручен|запрещен|запрещён|сказано)\p{L}*|режим разработчика|взломан\p{L}*|взлом|игнорир\p{L}+|(?:meine|geheime|vorherige) (?:anweisung|instruktion)\p{L}*|(?:mis|instrucciones) (?:instrucciones|secretas|anteriores|del sistema)|mes instructions|passages?|s[1-6](?= (?:says|said|states))|json)(?!\p{L})/gu,
  },
  {
    reason: 'gate-hostile',
    name: 'an insult, a threat or words against the brand',
    unless: 'never',
    pattern: words(
      `idiot*, moron*, stupid*, dumb*, fuck*, f\\*ck, bitch*, asshole*, bastard*, scum*, shit*, shut up, go to hell, kill yourself, kys, retard*, loser*, ugly, pathetic, trash, garbage, crap, damn, hate you, we hate, nazi*, whore*, slut*, drop dead, scam*, fraud*, cheat*, ripoff, rip-off, thieves, thief, criminal*, poison*, rotten, rat, rats, cockroach*, don.t buy, do not buy, never buy, boycott*, worst, terrible, our food is bad, go elsewhere, competitor*, get lost, piss off, screw you, идиот*, дебил*, дурак*, дура, дуры, туп*, кретин*, урод*, мраз*, тварь, твари, сволоч*, ублюд*, скотин*, сука, суки, бля*, хуй*, хуе*, пизд*, еба*, ёба*, нахуй, нахер, дерьм*, говн*, заткни*, сдохни*, убейся, пошел вон, пошёл вон, пошли вон, идите к черту, идите к чёрту, лох*, неудачник*, ненавид*, нацист*, шлюх*, обман*, мошенни*, воры, ворье, развод*, отрав*, тухл*, гнил*, крысы, тараканы, не покупайте, бойкот*, худш*, отстой, отвратительн*, конкурент*, отвали*, проваливай*, жирн* свин*, свинья, свиньи, dummkopf, arschloch, scheiß*, scheisse, idioten, betrug*, betrüger*, tonto*, estúpid*, idiota*, mierda, puta, puto, cabrón, gilipollas, estafa*, imbécil*, connard*, putain, merde, arnaque*, ідіот*, дурень, дурні, лайно, шахра*, ақымақ*`,
    ),
  },
];

/** Things that nobody should write under a post, and the words with which they are asked for. */
const asking =
  /(?<!\p{L})(?:send|give|leave|write|share|tell|provide|post|drop|comment|type|enter|confirm|verify|dm|message|need|what is|what.s|reply with|comment with|submit|напиши\p{L}*|пришли\p{L}*|отправ\p{L}+|укажи\p{L}*|остав\p{L}+|скажи\p{L}*|дайте|сообщи\p{L}*|продиктуй\p{L}*|подтверди\p{L}*|введи\p{L}*|скинь\p{L}*|вышли\p{L}*|назови\p{L}*|нужен|нужны|нужна|schreib\p{L}*|schick\p{L}*|send\p{L}*|nenn\p{L}*|hinterlass\p{L}*|env[ií]\p{L}*|escrib\p{L}*|deja\p{L}*|dinos|envoy\p{L}*|donnez|laissez|надішл\p{L}*|напишіть|вкажіть|залиште|жібер\p{L}*|жаз\p{L}*)(?!\p{L})/u;
const ownData =
  /(?<!\p{L})(?:your|ur|ваш\p{L}*|сво\p{L}{1,3}|ihre?\p{L}?|deine?\p{L}?|tus?|sus?|votre|vos|ton|ta|телефонні)(?!\p{L}) (?:\p{L}+ ){0,3}(?:phone|number|mobile|cell|e-?mail|address|full name|name and|birth\p{L}*|date of birth|card|account|номер\p{L}*|телефон\p{L}*|почт\p{L}*|адрес\p{L}*|фио|имя и|дат\p{L} рожд\p{L}*|карт\p{L}*|сч[её]т\p{L}*|telefon\p{L}*|handy\p{L}*|adresse|karte|kontonummer|teléfono|número|correo|dirección|tarjeta|numéro|téléphone|carte|e-mail-adresse|адресу)(?!\p{L})/u;
const secrets =
  /(?<!\p{L})(?:cvv|cvc|pin(?: |-)?code|pin|password\p{L}*|passcode|one-time code|sms code|code from (?:the )?sms|verification code|card number|card details|credit card|bank details|bank account|passport\p{L}*|social security|ssn|iban|login|парол\p{L}*|пин-?код\p{L}*|код\p{L}* из (?:смс|sms)|смс-?код\p{L}*|номер\p{L}* карт\p{L}*|данн\p{L}+ карт\p{L}*|паспорт\p{L}*|снилс|инн|реквизит\p{L}*|логин\p{L}*|passwort|kennwort|kartennummer|contraseña|número de (?:la )?tarjeta|mot de passe|numéro de carte|пароль|номер картки)(?!\p{L})/u;
const inPrivate =
  /(?<!\p{L})(?:dm|dms|direct|direct message\p{L}*|private\p{L}*|inbox|директ\p{L}*|личк\p{L}*|личн\p{L}+ сообщени\p{L}*|лс|direktnachricht|privado|mensaje directo|message privé|приват\p{L}*)(?!\p{L})/u;

const denied =
  /(?<!\p{L})(?:no|not|n.t|never|without|нет|не|без|ни|kein\p{L}*|nicht|sin|sans|pas de|немає|без) (?:\p{L}+ ){0,2}$/u;
const deniedAfter = /^ (?:нет|не (?:бывает|действу|дела|проводи|предусмотр)|не(?=[ .!,]|$))/u;

export interface WordFinding {
  readonly reason: GateReason;
  readonly found: string;
}

export interface WordCheck {
  /** Of the answer, as `plain` makes them. */
  readonly readings: readonly string[];
  readonly known: Known;
  /** As `plain` makes it. */
  readonly question: string;
  /** Whether words of answer and passages can be compared at all. */
  readonly comparable: boolean;
}

export function wordFindings(check: WordCheck): readonly WordFinding[] {
  const findings = wordings.flatMap((wording): readonly WordFinding[] => {
    const said = check.readings.filter((reading) => reading.search(wording.pattern) !== -1);
    const lines = said.length === 0 || wording.unless === 'never' ? [] : linesWith(wording.pattern, check.known);
    const hit = said.map((reading) => claimed(reading, wording, lines, check)).find((found) => found !== undefined);
    return hit === undefined ? [] : [{ reason: wording.reason, found: `${wording.name}: ${hit}` }];
  });
  const data = check.readings
    .map((reading) => asksForData(reading, check.known.text))
    .find((found) => found !== undefined);
  return data === undefined ? findings : [...findings, { reason: 'gate-personal-data', found: data }];
}

/** What a reading says of it, denies not, and no line of a source says of the same thing. */
function claimed(
  reading: string,
  { pattern, mayBeDenied }: Wording,
  lines: readonly (readonly string[])[],
  { question, comparable }: WordCheck,
): string | undefined {
  for (const { 0: claim, index } of reading.matchAll(pattern)) {
    if (mayBeDenied && isDenied(reading, index, claim.length)) continue;
    const about = new Set([...substance(sentenceAt(reading, index)), ...substance(question)]);
    if (lines.length === 0 || (comparable && !saysOfTheSame(about, lines))) return claim;
  }
  return undefined;
}

function linesWith(pattern: RegExp, { lines }: Known): readonly (readonly string[])[] {
  return lines.filter(({ text }) => text.search(pattern) !== -1).map(({ about }) => about);
}

function isDenied(text: string, at: number, length: number): boolean {
  return (
    denied.test(text.slice(Math.max(0, at - 40), at)) || deniedAfter.test(text.slice(at + length, at + length + 20))
  );
}

function asksForData(text: string, known: string): string | undefined {
  for (const sentence of text.split(/(?<=[.!?\n])\s/u)) {
    if (!asking.test(sentence)) continue;
    const secret = secrets.exec(sentence)?.[0];
    if (secret !== undefined && !known.includes(secret)) return secret;
    const own = ownData.exec(sentence)?.[0];
    if (own !== undefined && !inPrivate.test(sentence)) return own;
  }
  return undefined;
}
