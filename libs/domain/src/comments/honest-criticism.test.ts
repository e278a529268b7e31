import { describe, expect, it } from 'vitest';
import { presetNames, presets, type PresetName } from './policy.js';
import { circumstancesOf, triage } from './triage.js';
import { commentClassNames, type CommentClass } from './verdict.js';
import { oneComment } from '../../../../test/fakes/one-comment.js';

/** What a brand must bear to hear in public; only abuse and advertising may ever be hidden by itself. */
const honest: readonly CommentClass[] = ['positive', 'critical', 'urgent', 'question', 'partnership'];
const byChoiceOnly: readonly PresetName[] = ['classic'];

function hides(preset: PresetName, commentClass: CommentClass, confidence: number): string {
  const verdict = { class: commentClass, confidence, reason: '', language: 'en', model: 'm', promptVersion: 'p@1' };
  return triage(circumstancesOf(oneComment), verdict, presets[preset]).hide;
}

// PO-3
describe('honest criticism', () => {
  it.each(presetNames.filter((preset) => !byChoiceOnly.includes(preset)))(
    'stays visible under %s, however sure the model is, and nobody is even asked to hide it',
    (preset) => {
      const found = honest.flatMap((name) => [0, 50, 100].map((confidence) => hides(preset, name, confidence)));
      expect(new Set(found)).toEqual(new Set(['none']));
    },
  );

  it('is hidden by one preset only, which does what the predecessor did and is nobody\u2019s default', () => {
    const hiding = presetNames.filter((preset) => honest.some((name) => hides(preset, name, 100) !== 'none'));
    expect(hiding).toEqual(byChoiceOnly);
    expect(presetNames[0]).toBe('balanced');
  });

  it('leaves two classes that the machine may hide, and abuse is hidden by itself only when the model is sure', () => {
    expect(commentClassNames.filter((name) => !honest.includes(name))).toEqual(['toxic', 'spam']);
    expect([hides('balanced', 'toxic', 84), hides('balanced', 'toxic', 85)]).toEqual(['suggest', 'now']);
  });
});
