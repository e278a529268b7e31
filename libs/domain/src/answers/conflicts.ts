import { checkReply, mentions } from '../replies/gate/check-reply.js';
import { plain } from '../replies/gate/readings.js';
import type { AnswerSettings } from './settings.js';

/** Ways in which the settings of answers cannot be meant. A closed list. */
export const answerConflictKinds = [
  'fallback-refused',
  'signature-refused',
  'voice-unusable',
  'language-unknown',
  'topic-blank',
  'topic-too-short',
  'topic-in-own-words',
  'named-twice',
] as const;
export type AnswerConflictKind = (typeof answerConflictKinds)[number];

export interface AnswerConflict {
  readonly kind: AnswerConflictKind;
  /** Which, and what to do: a sentence. */
  readonly text: string;
}

/** Two letters find themselves in every other word. */
const shortestTopic = 3;
/** Its own findings besides: a text that a person wrote cites nothing, and is no answer to anything. */
const notForOwnWords = new Set(['gate-sources', 'gate-language', 'gate-grounding']);

/** Everything in the settings that contradicts itself or that the gate would never let out; empty when they may be followed. */
export function conflictsInAnswers(settings: AnswerSettings): readonly AnswerConflict[] {
  const { voice, languages, fallback, signature, forbiddenTopics } = settings;
  return [
    ...ownWords('fallback', fallback),
    ...ownWords('signature', signature),
    ...(/\p{Cc}(?<![\n\t])|\p{Cf}/u.test(voice)
      ? [conflict('voice-unusable', 'The voice has characters that nobody sees: write it anew.')]
      : []),
    ...languages
      .filter((language) => !/^[a-z]{2}$/u.test(language))
      .map((language) =>
        conflict('language-unknown', `"${language}" is no language; write two small letters like en or ru.`),
      ),
    ...forbiddenTopics.flatMap((topic) => topicConflicts(topic, settings)),
    ...twice('language', languages),
    ...twice('topic', forbiddenTopics.map(plain)),
  ];
}

/** What stands under answers, or in the place of one, goes the way of every answer: through the gate. */
function ownWords(what: 'fallback' | 'signature', text: string): readonly AnswerConflict[] {
  if (text === '') return [];
  const findings = checkReply({ text, sources: [text], question: '', instructions: '' });
  const contacts = what === 'signature' ? checkReply({ text, sources: [''], question: '', instructions: '' }) : [];
  const found = [...findings, ...contacts.filter(({ reason }) => reason === 'gate-contact' || reason === 'gate-figure')]
    .filter(({ reason }) => !notForOwnWords.has(reason))
    .map((finding) => `${finding.found} (${finding.reason})`);
  if (found.length === 0) return [];
  return [conflict(`${what}-refused`, `The ${what} would never be published: ${[...new Set(found)].join(', ')}.`)];
}

function topicConflicts(topic: string, { fallback, signature }: AnswerSettings): readonly AnswerConflict[] {
  const wanted = plain(topic);
  if (wanted === '') return [conflict('topic-blank', 'A forbidden topic has no letters: remove it.')];
  if ([...wanted].length < shortestTopic) {
    return [conflict('topic-too-short', `The topic "${topic}" is too short: it would be found nearly everywhere.`)];
  }
  return [fallback, signature].some((text) => mentions(plain(text), topic))
    ? [conflict('topic-in-own-words', `The topic "${topic}" stands in the fallback or the signature.`)]
    : [];
}

function twice(what: string, names: readonly string[]): readonly AnswerConflict[] {
  const repeated = names.filter((name, index) => name !== '' && names.indexOf(name) < index);
  return [...new Set(repeated)].map((name) => conflict('named-twice', `There are two of ${what} "${name}".`));
}

function conflict(kind: AnswerConflictKind, text: string): AnswerConflict {
  return { kind, text };
}
