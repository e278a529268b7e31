import { describe, expect, it } from 'vitest';
import { measureLocalRules } from '#domain/comments/local-rules.js';
import { tallyOf } from '#domain/evaluation/tally.js';
import { OpenAiCommentClassifier } from '#infrastructure/openai/comment-classifier.js';
import { OpenAiApi } from '#infrastructure/openai/openai-api.js';
import { promptLibrary } from '#infrastructure/openai/prompts/library.js';
import { createSandbox } from '../server.js';
import { testSettings } from '../testing/test-sandbox.js';
import { scenarioCases } from './cases.js';
import { BadFlags, readFlags } from './flags.js';
import { judgeAll } from './judge-all.js';
import { judgingText, localRulesText, sideBySideText } from './report.js';

describe('the flags of an evaluation', () => {
  it('are usual ones when none are given', () => {
    expect(readFlags([])).toEqual({
      prompts: [],
      model: undefined,
      played: false,
      corrections: false,
      precision: 95,
      json: undefined,
      help: false,
    });
  });

  it('name one version, or two to compare', () => {
    expect(readFlags(['--prompt', '2', '--prompt', 'classify-comment@1', '--model', 'm']).prompts).toEqual([2, 1]);
  });

  it.each([
    [['--prompt', 'newest'], /newest is no version/u],
    [['--prompt', 'write-reply@1'], /is no version/u],
    [['--prompt', '1', '--prompt', '2', '--prompt', '3'], /twice at most/u],
    [['--prompt', '1', '--prompt', '1'], /same version twice/u],
    [['--precision', '100'], /50 to 99/u],
    [['--json', ''], /--json needs a value/u],
    [['--model'], /--model/u],
    [['--publish'], /--publish/u],
    [['everything'], /everything/u],
  ])('%j are refused, with what is wrong', (words, message) => {
    expect(() => readFlags(words)).toThrow(BadFlags);
    expect(() => readFlags(words)).toThrow(message);
  });
});

describe('an evaluation', () => {
  const cases = scenarioCases();

  it('shows each comment of the scenario under its post, and what was said before it in the thread', () => {
    expect(cases.length).toBeGreaterThan(60);
    expect(cases.every(({ context }) => context.media?.caption !== undefined)).toBe(true);
    const followUp = cases.find(({ key }) => key === 'thanks-in-thread');
    expect(followUp?.context.thread.map(({ text }) => text)).toEqual(['Почём медовик за килограмм?', 'а доставка?']);
  });

  it('asks the model about what local rules leave open, counts every comment once, and prints all of it', async () => {
    const sandbox = await createSandbox(testSettings);
    const address = await sandbox.listen({ port: 0, host: '127.0.0.1' });
    const api = new OpenAiApi({
      baseUrl: `${address}/openai/v1`,
      apiKey: testSettings.openAiKey ?? '',
      classificationModels: ['gpt-6-luna'],
      responseModels: ['gpt-6-luna'],
      mode: 'responses',
    });
    const prompt = promptLibrary().get('classify-comment', 2);
    const progress: number[] = [];
    const classifier = new OpenAiCommentClassifier(api, 'gpt-6-luna');
    const judging = await judgeAll(cases, prompt, 'gpt-6-luna', classifier, (done) => progress.push(done));
    await api.close();
    await sandbox.close();

    const local = measureLocalRules(
      cases.map(({ context, right }) => ({ text: context.comment.text, class: right })),
      'warm.bread',
    );
    expect(Object.values(judging.tally).reduce((sum, count) => sum + count, 0)).toBe(cases.length);
    expect(judging.asked).toBe(cases.length - local.decided);
    expect(progress.at(-1)).toBe(cases.length);
    expect(localRulesText(local)).toContain(`Without a model: ${local.decided} of ${cases.length} comments`);
    const text = judgingText(judging, { input: 0.1, output: 0.5 }, 95);
    for (const part of [
      'classify-comment@2',
      'What is right',
      'macro',
      'Is 90 % right',
      'Too few to tell',
      `Calls ${judging.asked}`,
      '$0.0',
    ]) {
      expect(text).toContain(part);
    }
    expect(sideBySideText([judging, judging])).toMatch(/accuracy +[\d.]+ % +[\d.]+ %/u);
  });

  it('says what it does not know instead of a figure', () => {
    const nothing = {
      prompt: promptLibrary().get('classify-comment', 1),
      model: 'm',
      tally: tallyOf([{ right: 'spam', said: undefined }]),
      asked: 1,
      tokens: { input: 10, output: 0 },
      wrong: [{ key: 'a', right: 'spam', said: undefined }],
    } as const;
    const text = judgingText(nothing, undefined, 95);
    expect(text).toContain('nobody knows the price');
    expect(text).toContain('spam > undecided');
    expect(text).toContain('mean distance –');
  });
});
