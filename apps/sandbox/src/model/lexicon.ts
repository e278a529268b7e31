import { commentClassNames, type CommentClass } from '#domain/comments/verdict.js';
import { phrases } from './words.js';

/** A sign of a class; weights add up. */
export interface Sign {
  readonly class: CommentClass;
  readonly weight: number;
  readonly pattern: RegExp;
}

/** Phrases by class and weight (`*` = any ending, words.ts), Russian above English; matched against plain text. */
const lexicon: Readonly<Record<CommentClass, readonly (readonly [weight: number, list: string])[]>> = {
  toxic: [
    [3, 'идиот*, дебил*, мраз*, ублюд*, сволоч*, твар*, сдох*, чтоб вы, заткни*, гнид*, кретин*'],
    [3, 'idiot*, moron*, scum, bastard*, go to hell, fuck*, bitch*, shut up, kill yourself*, asshole*'],
    [1, 'тупые, тупая, тупой, клоун*, уроды, дура*'],
    [1, 'clown*, loser*, stupid, dumb, trash people, shit*'],
  ],
  spam: [
    [3, 'взаимн*, подпишись на, подпишитесь на, казино, ставки на, крипт*, заработ* от, накрутк*, займ*'],
    [3, 'ссылка в профиле, пиши в лс'],
    [3, 'crypto*, bitcoin*, follow me, follow back, f4f, dm me now, earn money, free followers, link in bio'],
    [3, 'check my page, check my profile, casino*, onlyfans'],
    [1, 'промокод*, promo code*, giveaway*, click here, жми сюда'],
  ],
  partnership: [
    [3, 'сотруднич*, коллаб*, бартер*, оптом, оптов*, франшиз*, рекламн* интеграци*, стать поставщиком'],
    [3, 'стать партнер*, партнерств*, амбассадор*'],
    [3, 'collab*, partnership*, partner with, wholesale, sponsor*, affiliate*, influencer*, ambassador*'],
    [3, 'brand deal*, become a supplier, bulk order*'],
  ],
  urgent: [
    [3, 'отрав*, рвот*, тошн*, скорую, в больниц*, плесен*, плесневе*, стекл*, таракан*, волос в, верните деньги'],
    [
      3,
      'не привезли, не доставили, заказ не приш*, где мой заказ, списали дважды, списали два, роспотребнадзор*, в суд',
    ],
    [3, 'food poison*, poisoned, got sick, made me sick, made us sick, throwing up, hospital*, mold, moldy, mouldy'],
    [
      3,
      "glass in, piece of glass, hair in, cockroach*, never arrived, didn't arrive, did not arrive, where is my order",
    ],
    [3, 'my money back, charged me twice, charged twice, allergic shock, lawsuit, sue you'],
  ],
  critical: [
    [3, 'вы называете, это называется, кто это ест, вы серьезно, издеваетесь, разве это, за что такие деньги'],
    [3, 'you call this, is this a joke, who would pay, are you kidding, seriously'],
    [2, 'разочаров*, невкусн*, не вкусн*, сухой, сухая, сухие, черств*, подгор*, хуже, ужасн*, отвратительн*'],
    [2, 'нахам*, хамств*, хамят, грубо, не понрав*, больше не приду, больше не придем, испортил*, раньше было лучше'],
    [2, 'слишком дорого, обман*, дороговато, плохо, плохой, плохая, не советую, не рекомендую, долго ждал*, опоздал*'],
    [2, 'disappoint*, overpriced, too expensive, stale, dry, burnt, burned, rude, worst, awful, terrible, horrible'],
    [2, 'bad, not good, not tasty, not worth, never again, used to be better, tasteless, bland, soggy, undercooked'],
    [2, 'waited'],
  ],
  positive: [
    [2, 'спасибо*, вкусн*, вкуснот*, обожа*, люблю, любим*, прекрасн*, восхи*, красот*, красив*, объеден*, супер'],
    [2, 'класс, шикарн*, самый лучш*, самые лучш*, лучшие, лучшая, молодцы, рекомендую, браво, огонь, бесподобн*'],
    [2, 'thank*, love, loved, delicious, best, amazing, tasty, yum*, perfect, beautiful, wonderful, excellent'],
    [2, 'хочу такой, хочу такую, хочу такое, хочу все, вау, аппетитн*, wow, want this, need this, must try'],
    [2, 'awesome, great, so good, incredible, recommend, gorgeous, fantastic'],
    [3, 'как можно печь, как можно так вкусно, как у вас получается, how do you make it so good, how is it so good'],
  ],
  question: [
    // Clear without a question mark, too.
    [3, 'сколько стоит, сколько стоят, почем, подскажите, есть ли, можно ли, узнать цену, какая цена, интересует цена'],
    [3, 'how much, how do i, how can i, do you have, do you deliver, do you ship, do you sell, can i order'],
    [2, 'сколько, почем, где, когда, во сколько, до скольки, есть ли, можно ли, можно, какой, какая, какие, каком'],
    [2, 'каких, как заказать, как купить, подскажите, а есть, а доставк*, и доставк*, у вас есть, есть у вас, цена'],
    [2, 'how much, how many, how long, how can, how do i, how to, what, when, where, which, do you, does, can i'],
    [2, 'can we, can you, is there, are there, are you, is it, and shipping, and delivery, price'],
  ],
};

export const signs: readonly Sign[] = commentClassNames.flatMap((name) =>
  lexicon[name].map(([weight, list]) => ({ class: name, weight, pattern: phrases(list) })),
);

/** Someone talks to the machine instead of the bakery. The sentence is cut out, never obeyed. */
export const orders = phrases(
  `ignore all, ignore previous, ignore the previous, ignore your, disregard, forget your instructions,
  system prompt, your instructions, previous instructions, you are now, act as, pretend to be, classify this,
  mark this as, must reply with, reply with the, jailbreak*, developer mode,
  игнорируй*, забудь инструкци*, забудь все, системный промпт, системн* инструкци*, ты теперь, притворись,
  отметь это, классифицируй*, предыдущие инструкции, все инструкции`,
);

/** Said to be polite; on its own it is friendly and nothing else. */
export const greetings = phrases(
  'привет*, здравствуйте, добрый день, доброе утро, добрый вечер, hi, hello, hey, good morning',
);

/** Emoji and marks that say "well done" without a word. */
export const cheers = /[😍🥰😘😋🤤❤🧡💛💚💙💜💕💖💗🔥👏👍🙌💯🎉😻🫶⭐✨]/u;
export const boos = /[🤮🤢👎😡🤬💩]/u;
export const links =
  /https?:\/\/|www\.|(?<![\p{L}\d])(?:t\.me|wa\.me|bit\.ly)\/|[\p{L}\d-]+\.(?:com|net|ru|xyz|shop|online|top)\b/u;
export const mention = /(?<![\p{L}\d])@[\p{L}\d._]+/gu;
