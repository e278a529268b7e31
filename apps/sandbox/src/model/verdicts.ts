import { commentClasses, type CommentClass, type CommentClassLabel } from '#domain/comments/verdict.js';
import { boos, cheers, greetings, links, mention, orders, signs } from './lexicon.js';
import { languageOf, plain, sentencesOf } from './words.js';

/** What the model writes when asked to classify. */
export interface ModelVerdict {
  readonly class: CommentClassLabel;
  readonly confidence: number;
  readonly reason: string;
  readonly language: string;
}

interface Opinion {
  readonly class: CommentClass;
  readonly confidence: number;
  readonly reason: string;
}

interface Score {
  readonly score: number;
  readonly strongest: number;
  /** The first sign that was found. */
  readonly found: string | undefined;
}
type Scores = Readonly<Record<CommentClass, Score>>;

/** A comment as a person on the street would file it, by words and marks alone: the same text, the same verdict. */
export function verdictOn(text: string): ModelVerdict {
  const opinion = opinionOn(text);
  return {
    class: commentClasses[opinion.class].label,
    confidence: opinion.confidence,
    reason: opinion.reason,
    language: languageOf(text),
  };
}

function opinionOn(text: string): Opinion {
  const sentences = sentencesOf(text);
  const kept = sentences.filter((sentence) => plain(sentence).search(orders) === -1);
  const gaveOrders = kept.length < sentences.length;
  if (gaveOrders && kept.length === 0) {
    return { class: 'spam', confidence: 90, reason: 'Gives instructions to a machine instead of saying something.' };
  }
  const said = gaveOrders ? kept.join(' ') : text;
  const bare = plain(said.replaceAll(mention, ' '));
  if (!/[\p{L}\p{N}]/u.test(bare)) return wordless(plain(said), bare);
  return weigh(score(bare), said);
}

/** Emoji, mentions, punctuation. */
function wordless(said: string, bare: string): Opinion {
  if (boos.test(bare)) return { class: 'critical', confidence: 72, reason: 'Only an emoji, and an unhappy one.' };
  if (cheers.test(bare)) return { class: 'positive', confidence: 82, reason: 'Only emoji, and happy ones.' };
  if (bare.includes('?') || bare.includes('؟'))
    return { class: 'question', confidence: 60, reason: 'Only a question mark.' };
  if (said.includes('@')) return { class: 'spam', confidence: 80, reason: 'Only mentions of other people.' };
  return { class: 'spam', confidence: 60, reason: 'Says nothing about the shop.' };
}

/** Urgent outweighs a question, a question criticism, criticism praise; a rhetorical question is criticism. */
function weigh(scores: Scores, said: string): Opinion {
  const { toxic, spam, partnership, urgent, critical, positive, question } = scores;
  const asks = /[?؟？]/u.test(said);
  if (toxic.score >= 3) return verdict('toxic', 88 + toxic.score, 'Insults people', toxic.found);
  if (urgent.score > 0) return verdict('urgent', 86 + urgent.score, 'Reports harm or a failed order', urgent.found);
  if (toxic.score > 0) return verdict('toxic', 72, 'Is rude to people, mildly', toxic.found);
  if (spam.score >= 3 || links.test(plain(said))) return verdict('spam', 88, 'Advertises something else', spam.found);
  if (partnership.score > 0) return verdict('partnership', 88, 'Proposes to work together', partnership.found);
  // "You call this bread?" and "how do you bake so well?!" want no answer.
  if (critical.strongest >= 3 && asks) return verdict('critical', 85, 'Asks only to criticise', critical.found);
  if (positive.strongest >= 3 && asks) return verdict('positive', 85, 'Asks only to praise', positive.found);
  if (asks && question.score > 0) return verdict('question', 93, 'Asks for something', question.found);
  if (asks) return verdict('question', 84, 'Asks for something', undefined);
  if (question.strongest >= 3)
    return verdict('question', 80, 'Asks for something without a question mark', question.found);
  if (critical.score > 0) return verdict('critical', 80 + 4 * critical.score, 'Is unhappy', critical.found);
  if (positive.score > 0 && !opensWithQuestion(said))
    return verdict('positive', 84 + 3 * positive.score, 'Is happy', positive.found);
  if (question.score > 0) return verdict('question', 78, 'Asks for something without a question mark', question.found);
  if (cheers.test(said)) return verdict('positive', 74, 'Adds happy emoji', undefined);
  if (plain(said).search(greetings) !== -1) return verdict('positive', 70, 'Greets', undefined);
  if (spam.score > 0) return verdict('spam', 75, 'Advertises something', spam.found);
  return verdict('spam', 58, 'Has nothing to do with the shop', undefined);
}

function opensWithQuestion(said: string): boolean {
  return /^(?:сколько|почем|где|когда|как|какие|какой|есть ли|можно|how|what|when|where|do you|can|is there|are you)(?!\p{L})/u.test(
    plain(said),
  );
}

function verdict(name: CommentClass, confidence: number, says: string, found: string | undefined): Opinion {
  const reason = found === undefined ? `${says}.` : `${says}: “${found}”.`;
  return { class: name, confidence: Math.min(confidence, 97), reason };
}

function score(text: string): Scores {
  return {
    positive: scoreOf('positive', text),
    critical: scoreOf('critical', text),
    urgent: scoreOf('urgent', text),
    question: scoreOf('question', text),
    partnership: scoreOf('partnership', text),
    toxic: scoreOf('toxic', text),
    spam: scoreOf('spam', text),
  };
}

function scoreOf(name: CommentClass, text: string): Score {
  let total = 0;
  let strongest = 0;
  let found: string | undefined;
  for (const sign of signs) {
    if (sign.class !== name) continue;
    for (const [match] of text.matchAll(sign.pattern)) {
      total += sign.weight;
      strongest = Math.max(strongest, sign.weight);
      found ??= match;
    }
  }
  return { score: total, strongest, found };
}
