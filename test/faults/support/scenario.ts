import { randomInt } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, onTestFailed } from 'vitest';
import { z } from 'zod';
import { form } from './form.js';
import type { Verdict } from './customers.js';
import { Plant, type PlantOptions } from './plant.js';
import { Seeded } from '../../support/seeded.js';

const failedSeeds = new URL('../failed-seeds.jsonl', import.meta.url);
const keptSeed = z.object({ scenario: z.string(), seed: z.int() });

/** One plant for a file of scenarios: started before them, ended after them. */
export function plantForThisFile(options: PlantOptions = {}): () => Plant {
  let plant: Plant | undefined;
  beforeAll(async () => {
    plant = await Plant.start(options);
  });
  afterAll(async () => {
    const leftovers = await plant?.stop().then(() => plant?.stack.leftovers());
    expect(leftovers ?? [], 'processes left behind').toEqual([]);
  });
  return () => {
    if (!plant) throw new Error('the plant is there only while tests run');
    return plant;
  };
}

/**
 * The chance of one scenario: its seed is printed, and kept in a file when the scenario fails, so that
 * `SEED=… npm run test:faults -- <name>` goes the same way again.
 */
export function chanceOf(scenario: string): Seeded {
  const seed = seedFor(scenario);
  say(`${scenario}: seed ${seed}, ${form} form`);
  onTestFailed(() => {
    appendFileSync(failedSeeds, `${JSON.stringify({ scenario, seed, form, at: new Date().toISOString() })}\n`);
    say(`${scenario}: FAILED with seed ${seed} (kept in test/faults/failed-seeds.jsonl)`);
  });
  return new Seeded(seed);
}

const seeds = new Map<string, number>();

/** The seed of a scenario in this run; the same at every call. */
export function seedFor(scenario: string): number {
  const seed = seeds.get(scenario) ?? newSeed(scenario);
  seeds.set(scenario, seed);
  return seed;
}

/** The one that is asked for; else, every other time, one with which the scenario has failed before; else a new one. */
function newSeed(scenario: string): number {
  const given = Number(process.env['SEED'] ?? Number.NaN);
  if (Number.isInteger(given)) return given;
  const kept = keptSeeds(scenario);
  return (randomInt(2) === 0 ? kept[randomInt(Math.max(1, kept.length))] : undefined) ?? randomInt(2 ** 31);
}

function keptSeeds(scenario: string): readonly number[] {
  if (!existsSync(failedSeeds)) return [];
  const lines = readFileSync(failedSeeds, 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => keptSeed.parse(JSON.parse(line)))
    .flatMap((kept) => (kept.scenario === scenario ? [kept.seed] : []));
}

/** What a run came to, for people. */
export function report(scenario: string, figures: Readonly<Record<string, unknown>>): void {
  const lines = Object.entries(figures).map(([name, value]) => `    ${name}: ${printed(value)}`);
  say(`${scenario}\n${lines.join('\n')}`);
}

/** Nothing that was acknowledged is lost, and nobody sees two replies. */
export function expectPromiseKept(verdict: Verdict): void {
  expect(verdict.wrong.slice(0, 10), 'replies that should not be there').toEqual([]);
  expect(verdict.lost.slice(0, 10), 'comments without what was due').toEqual([]);
}

export function say(text: string): void {
  process.stdout.write(`  ${text}\n`);
}

function printed(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
