import { describe, expect, it } from 'vitest';
import { presets } from '#domain/comments/policy.js';
import { triage } from '#domain/comments/triage.js';
import { commentClassNames, commentClasses } from '#domain/comments/verdict.js';
import { cutIntoPassages } from '#domain/knowledge/cutting.js';
import { checkReply } from '#domain/replies/gate/check-reply.js';
import { answerFrom } from '../model/answers.js';
import { verdictOn } from '../model/verdicts.js';
import { bakeryComments } from './comments.js';
import { bakeryDocuments } from './documents.js';
import { bakeryMedia } from './media.js';

const passages = bakeryDocuments.flatMap(({ title, text }) =>
  cutIntoPassages(text).map((passage, index) => ({
    id: `${title}#${index}`,
    title: `${title}: ${passage.heading}`,
    text: passage.text,
  })),
);

describe('the bakery’s comments', () => {
  it('are about sixty, spread over all seven classes', () => {
    expect(bakeryComments.length).toBeGreaterThanOrEqual(60);
    expect(new Set(bakeryComments.map(({ expected }) => expected.class))).toEqual(new Set(commentClassNames));
    expect(new Set(bakeryComments.map(({ key }) => key)).size).toBe(bakeryComments.length);
  });

  it('stand under posts of the bakery, and follow comments that came before', () => {
    for (const [index, comment] of bakeryComments.entries()) {
      expect(bakeryMedia.map(({ id }) => id)).toContain(comment.mediaId);
      if (comment.after === undefined) continue;
      expect(bakeryComments.slice(0, index).map(({ key }) => key)).toContain(comment.after);
    }
  });

  it.each(bakeryComments)('$key is understood as $expected.class', ({ text, expected }) => {
    const verdict = verdictOn(text);
    expect(verdict).toMatchObject({ class: commentClasses[expected.class].label });
    const plan = triage(
      { hidden: false, live: false, own: false, muted: false },
      { ...verdict, class: expected.class, model: 'sandbox', promptVersion: 'test' },
      presets.balanced,
    );
    expect(plan.decisions.map(({ reason }) => reason)).toContain(expected.reason);
  });

  it.each(bakeryComments.filter(({ expected }) => expected.class === 'question'))(
    '$key is answered from the documents, or not at all',
    ({ text, expected, mentions, never }) => {
      const { answerable, answer, sources } = answerFrom(text, passages);
      expect({ answerable, answer }).toMatchObject({ answerable: expected.actions.includes('reply') });
      for (const fact of mentions ?? []) expect(answer).toContain(fact);
      for (const words of never ?? []) expect(answer).not.toContain(words);
      if (!answerable) return;
      const cited = passages.filter(({ id }) => sources.includes(id)).map((passage) => passage.text);
      expect(checkReply({ text: answer, sources: cited, question: text, instructions: '' })).toEqual([]);
    },
  );
});
