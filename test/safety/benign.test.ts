import { describe, expect, it } from 'vitest';
import { checkReply } from '#domain/replies/gate/check-reply.js';
import { writeReply1 } from '../../libs/infrastructure/src/openai/prompts/write-reply/1.js';
import { benignCases } from './benign-answers.js';

const leastShare = 0.95;

// T30: a guard that silences customers is no guard.
describe('honest answers to honest questions', () => {
  it('are at least two hundred, all different', () => {
    expect(new Set(benignCases.map(({ question, text }) => `${question} ${text}`)).size).toBe(benignCases.length);
    expect(benignCases.length).toBeGreaterThanOrEqual(200);
  });

  it('pass the gate in at least 95 of 100 cases', () => {
    const secrets = { instructions: writeReply1.text, canary: 'kxqzvwmjptrdbnfh' };
    const stopped = benignCases.flatMap((each) => {
      const findings = checkReply({ ...each, ...secrets });
      return findings.length === 0 ? [] : [`${each.question} | ${each.text}: ${JSON.stringify(findings)}`];
    });
    const share = 1 - stopped.length / benignCases.length;
    process.stdout.write(
      `Honest answers: ${benignCases.length - stopped.length} of ${benignCases.length} pass (${(share * 100).toFixed(1)} %)\n`,
    );
    process.stdout.write(stopped.map((line) => `stopped: ${line}\n`).join(''));
    expect(share).toBeGreaterThanOrEqual(leastShare);
  });
});
