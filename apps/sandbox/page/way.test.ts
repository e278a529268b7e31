import { describe, expect, it } from 'vitest';
import { busyWith, isFinal, timeTaken, wayOf, whyOf } from './way.js';
import type { Decision, Explanation } from './wire.js';

describe('the compact way of a comment', () => {
  it('of an answered question leads from the verdict through the source to the reply', () => {
    const told = explained('question', [
      'receive:received',
      'classify:classified',
      'triage:auto-reply',
      drafted,
      'send:reply-sending',
      'send:reply-sent',
    ]);
    expect(labels(told)).toEqual([
      'Received',
      'Understood: question 93 %',
      'Policy: answer',
      'Written from “Delivery”',
      'Published',
    ]);
  });

  it('says "Published" once, although the echo of our reply confirms it', () => {
    const told = explained('question', ['send:reply-sending', 'send:reply-sent', 'send:reply-confirmed-by-echo']);
    expect(labels(told)).toEqual(['Published']);
  });

  it('shows "Sending" while that is the last thing known', () => {
    expect(labels(explained('question', ['send:reply-sending']))).toEqual(['Sending']);
  });

  it('names every wish of the policy in one step', () => {
    const told = explained('urgent', ['triage:draft-for-operator', 'triage:operators-alerted', 'draft:draft-waits']);
    expect(labels(told)).toEqual(['Policy: draft for a person, tell operators', 'Draft written']);
  });

  it('forgets a failed try once a later one worked', () => {
    const told = explained('spam', ['park:waits-after-failure', 'notify:operators-told']);
    expect(labels(told)).toEqual(['Operators told']);
  });

  it('keeps a reason that it has never heard of readable', () => {
    expect(labels(explained('spam', ['notify:pigeon-sent']))).toEqual(['pigeon sent']);
  });

  it('marks what a person still has to do', () => {
    const told = explained('question', ['draft:gate-figure']);
    expect(wayOf(told)).toEqual([{ key: '0', label: 'Answer held back', tone: 'person' }]);
  });
});

describe('the sentence that says why', () => {
  it('is the one about hiding where a comment was hidden', () => {
    const told = explained('toxic', ['receive:received', 'triage:hide-confident', 'moderate:hidden']);
    expect(whyOf(told)).toBe('why of hidden');
  });

  it('is that of the policy where nothing else happened', () => {
    expect(whyOf(explained('positive', ['receive:received', 'triage:left-visible']))).toBe('why of left-visible');
  });

  it('does not dwell on a try that was repeated', () => {
    expect(whyOf(explained('question', ['draft:drafted', 'park:waits-after-failure']))).toBe('why of drafted');
  });

  it('is missing while the comment has only arrived', () => {
    expect(whyOf(explained('question', ['receive:received']))).toBeUndefined();
  });
});

describe('the time it took', () => {
  const steps = [
    { step: 'receive', reason: 'received', at: '2026-01-01T00:00:00.000Z' },
    { step: 'triage', reason: 'left-visible', at: '2026-01-01T00:00:01.240Z' },
  ];

  it('is that from the first step to the last', () => {
    expect(timeTaken(explained('positive', steps, 'done'))).toBe('1.2 s');
  });

  it('is not told before the end', () => {
    expect(timeTaken(explained('positive', steps, 'acting'))).toBeUndefined();
  });
});

describe('what goes on right now', () => {
  it('is the model reading, before the system has told anything', () => {
    expect(busyWith(undefined, 'classify')).toBe('the model reads it');
  });

  it('is nothing once the comment is final, even if another comment with the same text is being read', () => {
    const told = explained('question', [], 'done');
    expect(isFinal(told)).toBe(true);
    expect(busyWith(told, 'classify')).toBeUndefined();
  });

  it('is looking into the documents while a reply is wanted', () => {
    const told = explained('question', [], 'acting');
    const wanted = { ...told.comment, reply: { id: '1', state: 'wanted', text: null, sources: [] } };
    expect(busyWith({ ...told, comment: wanted }, undefined)).toBe('looking into the documents');
  });
});

const drafted: Partial<Decision> = { step: 'draft', reason: 'drafted', detail: { sources: ['Delivery', 'Prices'] } };

function explained(verdict: string, steps: readonly (string | Partial<Decision>)[], stage = 'acting'): Explanation {
  return {
    comment: {
      id: '1',
      stage,
      outcome: null,
      actions: [],
      hidden: false,
      verdict: { class: verdict, label: verdict, confidence: 93, reason: 'it says so', language: 'en' },
      reply: null,
    },
    decisions: steps.map((step, index) => decision(step, index)),
  };
}

function decision(step: string | Partial<Decision>, index: number): Decision {
  const [name = '', reason = ''] = typeof step === 'string' ? step.split(':') : [step.step, step.reason];
  const known = { id: String(index), at: '2026-01-01T00:00:00Z', step: name, reason, actor: 'system' };
  return { ...known, explanation: `why of ${reason}`, ...(typeof step === 'string' ? {} : step) };
}

const labels = (told: Explanation): readonly string[] => wayOf(told).map(({ label }) => label);
