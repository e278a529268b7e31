import { channel } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelCallsChannel, type ModelCallEvent } from '../openai/model-calls.js';
import { Metrics } from './metrics.js';

let metrics: Metrics;
beforeEach(() => {
  metrics = new Metrics(
    {
      work: async () => await Promise.resolve(undefined),
      lanes: async () => await Promise.resolve(undefined),
      knowledge: async () => await Promise.resolve(undefined),
      circuits: () => [],
      pool: () => ({ total: 0, idle: 0, waiting: 0 }),
    },
    ['gpt-6-luna'],
  );
});
afterEach(() => metrics.stop());

const called = (event: Partial<ModelCallEvent>): void =>
  channel(modelCallsChannel).publish({
    task: 'classification',
    model: 'gpt-6-luna',
    outcome: 'ok',
    usage: { inputTokens: 1_000, cachedTokens: 600, outputTokens: 50 },
    cost: 96,
    ...event,
  });
const lines = async (): Promise<readonly string[]> =>
  (await metrics.scrape()).text.split('\n').filter((line) => line.startsWith('instachatico_model_'));

// CL-5, audit 34
describe('calls to models', () => {
  it('are counted by task and model, their tokens once each, their money in dollars', async () => {
    called({});
    called({ outcome: 'failed', usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0 }, cost: 0 });
    expect(await lines()).toEqual([
      'instachatico_model_calls_total{task="classification",model="gpt-6-luna",outcome="ok"} 1',
      'instachatico_model_calls_total{task="classification",model="gpt-6-luna",outcome="failed"} 1',
      'instachatico_model_tokens_total{task="classification",model="gpt-6-luna",kind="input"} 400',
      'instachatico_model_tokens_total{task="classification",model="gpt-6-luna",kind="cached"} 600',
      'instachatico_model_tokens_total{task="classification",model="gpt-6-luna",kind="output"} 50',
      'instachatico_model_dollars_total{task="classification",model="gpt-6-luna"} 0.000096',
    ]);
  });

  it('of models that nobody configured are one', async () => {
    for (const model of ['a', 'b', 'c']) called({ model, cost: undefined });
    expect((await lines())[0]).toBe(
      'instachatico_model_calls_total{task="classification",model="other",outcome="ok"} 3',
    );
    expect((await lines()).join('\n')).not.toContain('model="a"');
  });
});
