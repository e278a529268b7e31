import { describe, expect, it } from 'vitest';
import { presets, type PresetName } from './policy.js';
import { triage } from './triage.js';
import type { CommentClass, Verdict } from './verdict.js';

function verdict(commentClass: CommentClass, confidence: number): Verdict {
  return { class: commentClass, confidence, reason: '', language: 'en', model: 'm', promptVersion: 'p@1' };
}

type Expected = `${'auto' | 'draft' | 'none'} ${'now' | 'suggest' | 'none'} ${'alert' | 'quiet'}`;

// Reply, hide, alert for each preset and class, at full confidence and at none: the table of the product's page.
const table: readonly [PresetName, CommentClass, sure: Expected, unsure: Expected][] = [
  ['balanced', 'positive', 'none none quiet', 'none none quiet'],
  ['balanced', 'critical', 'draft none alert', 'draft none alert'],
  ['balanced', 'urgent', 'draft none alert', 'draft none alert'],
  ['balanced', 'question', 'auto none quiet', 'draft none quiet'],
  ['balanced', 'partnership', 'none none alert', 'none none alert'],
  ['balanced', 'toxic', 'none now quiet', 'none suggest quiet'],
  ['balanced', 'spam', 'none suggest quiet', 'none suggest quiet'],
  ['careful', 'positive', 'none none quiet', 'none none quiet'],
  ['careful', 'critical', 'draft none alert', 'draft none alert'],
  ['careful', 'urgent', 'draft none alert', 'draft none alert'],
  ['careful', 'question', 'draft none quiet', 'draft none quiet'],
  ['careful', 'partnership', 'none none alert', 'none none alert'],
  ['careful', 'toxic', 'none suggest quiet', 'none suggest quiet'],
  ['careful', 'spam', 'none none quiet', 'none none quiet'],
  ['classic', 'positive', 'none none quiet', 'none none quiet'],
  ['classic', 'critical', 'none now alert', 'none now alert'],
  ['classic', 'urgent', 'none now alert', 'none now alert'],
  ['classic', 'question', 'auto none quiet', 'auto none quiet'],
  ['classic', 'partnership', 'none none alert', 'none none alert'],
  ['classic', 'toxic', 'none now quiet', 'none now quiet'],
  ['classic', 'spam', 'none none quiet', 'none none quiet'],
];

function planned(preset: PresetName, commentClass: CommentClass, confidence: number, hidden = false): string {
  const { reply, hide, alert } = triage({ hidden }, verdict(commentClass, confidence), presets[preset]);
  return `${reply} ${hide} ${alert ? 'alert' : 'quiet'}`;
}

describe('what a policy wants for a comment', () => {
  it.each(table)('%s, %s', (preset, commentClass, sure, unsure) => {
    expect(planned(preset, commentClass, 100)).toBe(sure);
    expect(planned(preset, commentClass, 0)).toBe(unsure);
  });

  it('publishes and hides from the threshold on, not above it', () => {
    const { replyFrom, hideFrom } = presets.balanced;
    expect(planned('balanced', 'question', replyFrom)).toContain('auto');
    expect(planned('balanced', 'question', replyFrom - 1)).toContain('draft');
    expect(planned('balanced', 'toxic', hideFrom)).toContain('now');
    expect(planned('balanced', 'toxic', hideFrom - 1)).toContain('suggest');
  });

  it('answers and hides nothing that is hidden already, and still tells operators', () => {
    expect(planned('balanced', 'question', 100, true)).toBe('none none quiet');
    expect(planned('classic', 'urgent', 100, true)).toBe('none none alert');
  });

  it('gives a reason for everything it wants, and for wanting nothing', () => {
    for (const [preset, commentClass] of table) {
      for (const confidence of [0, 100]) {
        const plan = triage({ hidden: false }, verdict(commentClass, confidence), presets[preset]);
        const wanted = [plan.reply !== 'none', plan.hide !== 'none', plan.alert].filter(Boolean).length;
        expect(plan.decisions).toHaveLength(Math.max(1, wanted));
      }
    }
    expect(triage({ hidden: false }, verdict('positive', 100), presets.balanced).decisions[0]?.reason).toBe(
      'left-visible',
    );
  });
});
