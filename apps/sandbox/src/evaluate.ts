import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { CorrectedComment } from '#domain/comments/corrections.js';
import { measureLocalRules } from '#domain/comments/local-rules.js';
import { calibrationOf } from '#domain/evaluation/calibration.js';
import { confusionOf } from '#domain/evaluation/confusion.js';
import { AppError } from '#domain/shared/errors.js';
import { OpenAiCommentClassifier } from '#infrastructure/openai/comment-classifier.js';
import { priceOf, usualPrices } from '#infrastructure/openai/model-prices.js';
import { OpenAiApi, type OpenAiSettings } from '#infrastructure/openai/openai-api.js';
import { promptLibrary } from '#infrastructure/openai/prompts/library.js';
import { PostgresCorrections } from '#infrastructure/postgres/corrections.js';
import { dataSource } from '#infrastructure/postgres/data-source.js';
import { Database } from '#infrastructure/postgres/database.js';
import { bakeryAccount } from './bakery/account.js';
import { correctedCases, scenarioCases } from './evaluate/cases.js';
import { BadFlags, readFlags, usage, type Flags } from './evaluate/flags.js';
import { judgeAll, type Judging } from './evaluate/judge-all.js';
import { judgingText, localRulesText, sideBySideText } from './evaluate/report.js';
import { createSandbox } from './server.js';
import { evaluationSettings, readSettings, type EvaluationSettings } from './settings.js';

const exitCodes = { done: 0, failed: 1, badFlags: 2 };
const correctionsAtOnce = 500;
const playedKey = 'played-by-the-sandbox';

/** `npm run evaluate`: the evaluation set through local rules and the model; nothing is published. */
async function evaluate(flags: Flags): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const settings = evaluationSettings();
  const library = promptLibrary();
  const usual = library.usualOf('classify-comment').version;
  const versions = flags.prompts.length > 0 ? flags.prompts : [usual];
  const prompts = versions.map((version) => library.get('classify-comment', version));
  const scenario = scenarioCases();
  const corrected = flags.corrections ? correctedCases(await correctionsFrom(settings.databaseUrl)) : [];
  const cases = [...scenario, ...corrected];
  const server = await modelServer(flags, settings);
  const api = new OpenAiApi(server.settings);
  try {
    say(
      `${scenario.length} comments of the scenario, ${corrected.length} corrected by operators; the model is ${server.name}.\n`,
    );
    const local = measureLocalRules(
      cases.map(({ context, right }) => ({ text: context.comment.text, class: right })),
      bakeryAccount.username,
    );
    say(localRulesText(local));
    const classifier = new OpenAiCommentClassifier(api, server.model);
    const judgings: Judging[] = [];
    for (const prompt of prompts) {
      judgings.push(await judgeAll(cases, prompt, server.model, classifier, progressOf(cases.length)));
    }
    for (const judging of judgings) {
      say(`\n${judgingText(judging, priceOf(usualPrices, server.model), flags.precision)}`);
    }
    if (judgings.length > 1) say(`\n${sideBySideText(judgings)}`);
    if (server.isPlayed)
      say('\nThe sandbox plays the model: these figures show that it works, not how good a model is.');
    if (flags.json !== undefined) {
      const figures = judgings.map(({ tally, ...rest }) => ({
        ...rest,
        prompt: rest.prompt.version,
        confusion: confusionOf(tally),
        calibration: calibrationOf(tally),
        tally,
      }));
      await writeFile(flags.json, `${JSON.stringify({ local, model: server.model, judgings: figures }, null, 2)}\n`);
    }
  } finally {
    await api.close();
    await server.close();
  }
}

interface ModelServer {
  readonly name: string;
  readonly model: string;
  readonly isPlayed: boolean;
  readonly settings: OpenAiSettings;
  close(): Promise<void>;
}

async function modelServer(
  flags: Flags,
  { apiKey, baseUrl, mode, model: chosen }: EvaluationSettings,
): Promise<ModelServer> {
  const model = flags.model ?? chosen ?? 'gpt-6-luna';
  const models = { classificationModels: [model], responseModels: [model], sockets: 8 };
  if (apiKey !== undefined && !flags.played) {
    const settings = { ...models, baseUrl, apiKey, mode };
    const close = async (): Promise<void> => await Promise.resolve();
    return { name: `${model} at ${new URL(baseUrl).host}`, model, isPlayed: false, settings, close };
  }
  const sandbox = await createSandbox(readSettings({ SANDBOX_PORT: '0', OPENAI_API_KEY: playedKey }));
  const address = await sandbox.listen({ port: 0, host: '127.0.0.1' });
  return {
    name: `${model}, played by the sandbox`,
    model,
    isPlayed: true,
    settings: { ...models, baseUrl: `${address}/openai/v1`, apiKey: playedKey, mode },
    close: async () => await sandbox.close(),
  };
}

/** @throws BadFlags without a database */
async function correctionsFrom(databaseUrl: string | undefined): Promise<readonly CorrectedComment[]> {
  if (databaseUrl === undefined) throw new BadFlags('--corrections needs DATABASE_URL.');
  const database = new Database(await dataSource(databaseUrl, 'instachatico-evaluate').initialize());
  try {
    const all: CorrectedComment[] = [];
    for (;;) {
      const page = await new PostgresCorrections(database).list({
        after: all.at(-1)?.cursor,
        limit: correctionsAtOnce,
      });
      all.push(...page);
      if (page.length < correctionsAtOnce) return all;
    }
  } finally {
    await database.close();
  }
}

/** In a terminal a line that is drawn over; elsewhere nothing. */
function progressOf(total: number): (done: number) => void {
  return (done) => {
    if (!process.stderr.isTTY) return;
    process.stderr.write(done === total ? '\r\u001B[K' : `\r\u001B[K${done} of ${total}`);
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  const flags = readFlags(process.argv.slice(2));
  if (flags.help) say(usage);
  else await evaluate(flags);
  process.exitCode = exitCodes.done;
} catch (error) {
  const isFlag = error instanceof BadFlags || (error instanceof AppError && error.kind === 'invalid');
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${isFlag ? `\n${usage}\n` : ''}`);
  process.exitCode = isFlag ? exitCodes.badFlags : exitCodes.failed;
}
