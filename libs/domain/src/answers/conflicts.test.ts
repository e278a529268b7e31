import { describe, expect, it } from 'vitest';
import { conflictsInAnswers, type AnswerConflictKind } from './conflicts.js';
import { initialAnswerSettings, type AnswerSettings } from './settings.js';

const kinds = (given: Partial<AnswerSettings>): readonly AnswerConflictKind[] =>
  conflictsInAnswers({ ...initialAnswerSettings, ...given }).map(({ kind }) => kind);

// AN-5
describe('settings of answers', () => {
  it.each<readonly [string, Partial<AnswerSettings>]>([
    ['nothing', {}],
    ['a voice', { voice: 'Warm and short, like a baker behind the counter.\nWe say "you".' }],
    ['a fallback', { fallback: 'Good question! A colleague will answer you here soon.' }],
    ['a Russian fallback', { fallback: 'Хороший вопрос! Коллега скоро ответит вам здесь.' }],
    ['a signature', { signature: '— your bakery team 🥐' }],
    ['languages and topics', { languages: ['en', 'ru'], forbiddenTopics: ['politics', 'конкурент'] }],
  ])('may say %s', (_, given) => expect(kinds(given)).toEqual([]));

  it.each<readonly [string, Partial<AnswerSettings>, AnswerConflictKind]>([
    ['a signature with a link', { signature: 'warmbread.example' }, 'signature-refused'],
    ['a signature with a phone', { signature: 'Call +7 495 123-45-67' }, 'signature-refused'],
    ['a fallback that the gate would stop', { fallback: 'I am a bot, ask somebody else.' }, 'fallback-refused'],
    ['a fallback with invisible characters', { fallback: 'Soon\u200B' }, 'fallback-refused'],
    ['a voice with invisible characters', { voice: 'Warm\u202E' }, 'voice-unusable'],
    ['a language that is none', { languages: ['english'] }, 'language-unknown'],
    ['a language twice', { languages: ['en', 'en'] }, 'named-twice'],
    ['a topic without letters', { forbiddenTopics: [' \u200B'] }, 'topic-blank'],
    ['a topic of two letters', { forbiddenTopics: ['он'] }, 'topic-too-short'],
    ['a topic twice', { forbiddenTopics: ['war', 'War'] }, 'named-twice'],
    [
      'a topic that stands in the fallback',
      { forbiddenTopics: ['colleague'], fallback: 'A colleague will answer.' },
      'topic-in-own-words',
    ],
  ])('may not say %s', (_, given, kind) => expect(kinds(given)).toContain(kind));

  it('explain what is wrong and what to do', () => {
    const [found] = conflictsInAnswers({ ...initialAnswerSettings, signature: 'warmbread.example' });
    expect(found?.text).toBe('The signature would never be published: warmbread.example (gate-contact).');
  });
});
