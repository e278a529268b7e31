import { describe, expect, it } from 'vitest';
import { presets, type PresetName } from './policy.js';
import type { ReasonCode } from './reason-codes.js';
import { triage } from './triage.js';
import type { CommentClass } from './verdict.js';

// What the ledger says of each thing that a policy wants, sure and unsure.
const table: readonly [PresetName, CommentClass, sure: readonly ReasonCode[], unsure: readonly ReasonCode[]][] = [
  ['balanced', 'positive', ['left-visible'], ['left-visible']],
  ['balanced', 'urgent', ['draft-for-operator', 'operators-alerted'], ['draft-for-operator', 'operators-alerted']],
  ['balanced', 'question', ['auto-reply'], ['auto-reply-unsure']],
  ['balanced', 'toxic', ['hide-confident'], ['hide-unsure']],
  ['balanced', 'spam', ['hide-suggested'], ['hide-suggested']],
  ['careful', 'partnership', ['operators-alerted'], ['operators-alerted']],
  ['classic', 'critical', ['hide-confident', 'operators-alerted'], ['hide-confident', 'operators-alerted']],
];

function reasonsFor(preset: PresetName, commentClass: CommentClass, confidence: number): readonly ReasonCode[] {
  const verdict = { class: commentClass, confidence, reason: '', language: 'en', model: 'm', promptVersion: 'p@1' };
  return triage({ hidden: false, live: false, own: false, muted: false }, verdict, presets[preset]).decisions.map(
    ({ reason }) => reason,
  );
}

// PO-7
describe('why a policy wants what it wants', () => {
  it.each(table)('%s, %s', (preset, commentClass, sure, unsure) => {
    expect(reasonsFor(preset, commentClass, 100)).toEqual(sure);
    expect(reasonsFor(preset, commentClass, 0)).toEqual(unsure);
  });
});
