import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { embeddingRules, type EmbeddingModel } from '#domain/knowledge/embedder.js';
import { limitRules } from '#domain/work/allowances.js';
import {
  countOr,
  flag,
  jsonOr,
  listOr,
  optionalKey,
  optionalList,
  oneOf,
  optionalCount,
  optionalHostAndPort,
  optionalNumber,
  optionalSecret,
  optionalText,
  optionalUrl,
  port,
  positiveOr,
  secondsOr,
  secret,
  textOr,
  textOrNone,
  url,
  urlOr,
} from './setting.js';
import type { Setting } from './setting.js';

const random = 'openssl rand -hex 32';

/** Per million tokens. */
const dollars = z
  .number({ error: 'has a price that is no number' })
  .min(0, 'has a price below 0')
  .max(10_000, 'has a price that nobody asks');

/** Every setting of api and worker. `.env.example` documents each; a test keeps the two in step. */
export const settings = {
  DATABASE_URL: url(
    ['postgres', 'postgresql'],
    'Give postgres://user:password@host:5432/name of a PostgreSQL with pgvector.',
  ),
  REDIS_URL: url(['redis', 'rediss'], 'Give redis://host:6379 of a Redis with maxmemory-policy noeviction.'),
  PORT: port(3000, 'Give a free port for the api.'),
  WORKER_PORT: port(3001, 'Give a free port for the worker\u2019s health page.'),
  SANDBOX_PORT: port(3002, 'Give a free port for the sandbox.'),
  DATA_DIR: textOr('.data', 'Give a folder for the embedded database and queue of `npm start`.'),
  FILES_DIR: optionalText('Leave it empty, or give a folder that the api and the worker share.'),
  S3_BUCKET: optionalText('Leave it empty to keep files in FILES_DIR, or give the name of a bucket.'),
  S3_ENDPOINT: optionalUrl(
    ['http', 'https'],
    'Leave it empty for AWS, or give the address of a server that speaks S3.',
  ),
  S3_REGION: textOr('us-east-1', 'Give the bucket\u2019s region, or leave it empty.'),
  S3_ACCESS_KEY_ID: optionalText(
    'Give the access key\u2019s id, or leave both keys empty to use the machine\u2019s own role.',
  ),
  S3_SECRET_ACCESS_KEY: optionalSecret(8, 'Give the access key\u2019s secret, or leave both keys empty.'),
  S3_PATH_STYLE: flag(
    false,
    'Give true when the bucket stands in the path, as MinIO and most others want it, or false.',
  ),
  CLAMD_ADDRESS: optionalHostAndPort('Leave it empty, or give host:port of a clamd that scans uploaded files.'),
  HOST: textOr('0.0.0.0', 'Give the address to listen on, for instance 127.0.0.1 or 0.0.0.0.'),
  SHUTDOWN_GRACE_SECONDS: secondsOr(2, 10, 'Give 0 to 10 seconds, two looks of your load balancer.'),
  APP_SECRET: secret(16, 'Copy the App Secret of your Meta app (App settings, Basic); it signs every webhook.'),
  APP_SECRET_PREVIOUS: optionalSecret(16, 'Leave it empty, or give the App Secret that was valid before a rotation.'),
  TOKEN: secret(
    8,
    `Make one with \`${random}\` and enter the same in the Meta app as the webhook\u2019s verify token.`,
  ),
  INSTA_TOKEN: secret(8, 'Generate a long-lived token for the account in the Meta app (Instagram, API setup).'),
  INSTA_ACCOUNT_ID: optionalText('Leave it empty, or give the account\u2019s user_id as the webhook entries carry it.'),
  INSTAGRAM_BASE_URL: urlOr('https://graph.instagram.com', 'Give the Graph API\u2019s address, or leave it empty.'),
  INSTAGRAM_API_VERSION: textOr('v26.0', 'Give a Graph API version such as v26.0.'),
  OPENAI_API_KEY: secret(
    8,
    'Make a key at the model\u2019s vendor; compatible servers without keys take any text of 8 characters.',
  ),
  OPENAI_BASE_URL: urlOr('https://api.openai.com/v1', 'Give the address of OpenAI or of a compatible server.'),
  OPENAI_MODEL_CLASSIFICATION: listOr(
    'gpt-6-luna',
    'Give the id of the model that classifies comments, or several with commas between them.',
  ),
  OPENAI_MODEL_RESPONSE: listOr(
    'gpt-6-luna',
    'Give the id of the model that writes answers, or several with commas between them.',
  ),
  OPENAI_MODEL_VISION: optionalList(
    'Give the id of the model that looks at pictures, or several with commas between them, or leave it empty.',
  ),
  OPENAI_MODEL_EMBEDDING: textOrNone(
    'text-embedding-3-small',
    'Give the id of the model that makes vectors for searching, or leave it empty: then words alone are searched.',
  ),
  OPENAI_EMBEDDING_DIMENSIONS: countOr(
    1_536,
    embeddingRules.mostDimensions,
    'Give the length of that model\u2019s vectors, for instance 1536, or leave it empty.',
  ),
  OPENAI_PRICES: jsonOr(
    '{}',
    z.record(
      z.string(),
      z.strictObject({ input: dollars, cached: dollars, output: dollars }, { error: 'has a price of another shape' }),
      { error: 'is no object of prices' },
    ),
    'Give dollars per million tokens by model: {"my-model":{"input":0.1,"cached":0.01,"output":0.5}}.',
  ),
  OPENAI_API_MODE: oneOf(['responses', 'chat'], 'responses', 'Give responses or chat.'),
  OPENAI_RPM: optionalCount(
    1_000_000,
    'Leave it empty, or give how many requests to the model may be made in a minute.',
  ),
  OPENAI_TPM: optionalCount(
    1_000_000_000,
    'Leave it empty, or give how many tokens the model may read and write in a minute.',
  ),
  TELEGRAM_BASE_URL: urlOr('https://api.telegram.org', 'Give the Bot API\u2019s address, or leave it empty.'),
  TG_TOKEN: optionalSecret(8, 'Ask @BotFather for a bot token, or leave it empty: then operators get no messages.'),
  TG_CHAT_ID: optionalText('Give the id of the operators\u2019 chat (for groups it starts with -100).'),
  TG_CHAT_ALERTS_THREAD_ID: optionalNumber('Leave it empty, or give the topic\u2019s number in the chat for alerts.'),
  TG_CHAT_LOGS_THREAD_ID: optionalNumber(
    'Leave it empty, or give the topic\u2019s number in the chat for operational messages.',
  ),
  TG_MESSAGES_PER_MINUTE: countOr(
    limitRules['messages-to-operators'].usually,
    1_000_000,
    'Give how many messages the chat may get in a minute, for instance 18, or leave it empty.',
  ),
  THINKING_CONCURRENCY: countOr(
    60,
    200,
    'Give how many comments and answers one worker thinks about at once, for instance 60, or leave it empty.',
  ),
  OUTBOUND_CONCURRENCY: countOr(
    20,
    100,
    'Give how many replies and hides one worker makes at once, for instance 20, or leave it empty.',
  ),
  COVERAGE_EVERY_MINUTES: positiveOr(5, 'Give the minutes between two looks for comments, for instance 5.'),
  DELIVERIES_KEPT_DAYS: countOr(30, 3_650, 'Give the days for which raw deliveries are kept, for instance 30.'),
  ENCRYPTION_KEY: optionalKey(`Make one with \`${random}\`, or leave it empty: then tokens are not renewed.`),
  ENCRYPTION_KEY_PREVIOUS: optionalKey('Leave it empty, or give the ENCRYPTION_KEY that was valid before.'),
  REPLIES_DRY_RUN: flag(false, 'Give true to publish and hide nothing, or false.'),
  REPLIES_PER_HOUR: countOr(
    limitRules['replies-of-account'].usually,
    1_000_000,
    'Give how many public replies one account may write in an hour, or leave it empty.',
  ),
  REPLIES_PER_AUTHOR: countOr(
    limitRules['replies-to-author'].usually,
    1_000_000,
    'Give how many replies one author may get in ten minutes, or leave it empty.',
  ),
  REPLIES_PER_THREAD: countOr(
    limitRules['replies-in-thread'].usually,
    1_000_000,
    'Give how many replies of ours one thread may hold per day, or leave it empty.',
  ),
  ADMIN_TOKEN: optionalSecret(
    16,
    `Make one with \`${random}\`, or leave it empty: then the admin API is closed, but for a played Instagram.`,
  ),
  LOG_LEVEL: oneOf(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace'],
    'info',
    'Give fatal, error, warn, info, debug or trace.',
  ),
} as const;

export type SettingName = keyof typeof settings;
type ValueOf<S> = S extends Setting<infer Value> ? Value : never;
type Values = { readonly [Name in SettingName]: ValueOf<(typeof settings)[Name]> };

// Object.keys forgets the key type; the record above is the list.
export const settingNames = Object.keys(settings) as readonly SettingName[];

/** What an app needs to know; an adapter receives only its own slice. */
export interface Config {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly host: string;
  readonly apiPort: number;
  readonly workerPort: number;
  readonly logLevel: Values['LOG_LEVEL'];
  /** How long the api still serves after it was told to stop, in milliseconds. */
  readonly shutdownGraceMs: number;
  readonly adminToken: string | undefined;
  readonly dryRun: boolean;
  readonly replyLimits: { readonly perHour: number; readonly perAuthor: number; readonly perThread: number };
  /** Jobs at once in one worker, for the lanes in which it can be chosen. */
  readonly concurrency: { readonly thinking: number; readonly outbound: number };
  readonly coverageEveryMs: number;
  readonly deliveriesKeptDays: number;
  /** What tokens are encrypted with; the first one encrypts, all decrypt. None: no token is kept. */
  readonly encryptionKeys: readonly string[];
  /** Where uploaded files are kept, and who looks at them first. */
  readonly files: {
    /** Not used with `s3`. */
    readonly folder: string;
    readonly s3:
      | {
          readonly bucket: string;
          readonly endpoint: string | undefined;
          readonly region: string;
          readonly keys: { readonly id: string; readonly secret: string } | undefined;
          readonly pathStyle: boolean;
        }
      | undefined;
    readonly scanner: { readonly host: string; readonly port: number } | undefined;
  };
  readonly instagram: {
    readonly baseUrl: string;
    readonly version: string;
    readonly token: string;
    readonly appSecrets: readonly string[];
    readonly verifyToken: string;
    readonly accountId: string | undefined;
    readonly sockets: number;
    /** Whether a server on this machine plays it: nothing that happens is real. */
    readonly playedHere: boolean;
  };
  readonly openai: {
    readonly baseUrl: string;
    readonly apiKey: string;
    /** The preferred one first; at least one. */
    readonly classificationModels: readonly string[];
    readonly responseModels: readonly string[];
    readonly visionModels: readonly string[];
    /** What makes vectors for searching; undefined: words alone are searched. */
    readonly embedding: EmbeddingModel | undefined;
    readonly embeddingModels: readonly string[];
    /** Of models whose price differs from the usual, or has none. */
    readonly prices: Values['OPENAI_PRICES'];
    readonly mode: Values['OPENAI_API_MODE'];
    readonly sockets: number;
    /** Requests and tokens per minute, all workers together; undefined: as many as come. */
    readonly perMinute: { readonly requests: number | undefined; readonly tokens: number | undefined };
  };
  /** Over all workers together. */
  readonly operatorsPace: { readonly messagesPerMinute: number };
  readonly telegram:
    | {
        readonly baseUrl: string;
        readonly token: string;
        readonly chatId: string;
        readonly alertsThreadId: number | undefined;
        readonly logsThreadId: number | undefined;
      }
    | undefined;
}

export interface ConfigProblem {
  readonly name: string;
  readonly problem: string;
  readonly fix: string;
}

/** All problems at once, by name; never a value. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(({ name, problem, fix }) => `  ${name} ${problem}. ${fix}`).join('\n'));
    this.name = 'ConfigError';
  }
}

/**
 * sysexits.h EX_CONFIG, for the helpers of `npm start`: starting them again does not help. (Api and worker end with 1,
 * which every supervisor knows; the launcher checks their settings before it starts anything.)
 */
export const configExitCode = 78;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every setting once.
 * @throws ConfigError with every problem in it
 */
export function readConfig(environment: Environment): Config {
  const problems: ConfigProblem[] = [];
  const read = <Name extends SettingName>(name: Name): Values[Name] => readSetting(name, environment, problems);
  // The record has one entry per name, each read by that name's own schema.
  const values = Object.fromEntries(settingNames.map((name) => [name, read(name)])) as Values;
  if (values.TG_TOKEN !== undefined && values.TG_CHAT_ID === undefined) {
    problems.push({ name: 'TG_CHAT_ID', problem: 'is missing while TG_TOKEN is set', fix: settings.TG_CHAT_ID.fix });
  }
  if (values.ENCRYPTION_KEY === undefined && values.ENCRYPTION_KEY_PREVIOUS !== undefined) {
    const problem = 'is missing while ENCRYPTION_KEY_PREVIOUS is set';
    problems.push({ name: 'ENCRYPTION_KEY', problem, fix: settings.ENCRYPTION_KEY.fix });
  }
  if ((values.S3_ACCESS_KEY_ID === undefined) !== (values.S3_SECRET_ACCESS_KEY === undefined)) {
    const name = values.S3_ACCESS_KEY_ID === undefined ? 'S3_ACCESS_KEY_ID' : 'S3_SECRET_ACCESS_KEY';
    problems.push({ name, problem: 'is missing while the other half is set', fix: settings[name].fix });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return nested(values);
}

/** The one setting that the schema step needs. @throws ConfigError */
export function readDatabaseUrl(environment: Environment): string {
  const problems: ConfigProblem[] = [];
  const databaseUrl = readSetting('DATABASE_URL', environment, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return databaseUrl;
}

/** The process's environment, with `.env` of the working folder beneath it. */
export function processEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

function readSetting<Name extends SettingName>(name: Name, from: Environment, problems: ConfigProblem[]): Values[Name] {
  const given = textOf(name, from, problems);
  const result = settings[name].schema.safeParse(given);
  const known = problems.some((problem) => problem.name === `${name}_FILE`);
  if (!result.success && !known) {
    problems.push({ name, problem: result.error.issues[0]?.message ?? 'is wrong', fix: settings[name].fix });
  }
  return result.data as Values[Name]; // the catalogue pairs this name with this schema; a failure is in `problems`
}

function textOf(name: SettingName, from: Environment, problems: ConfigProblem[]): string | undefined {
  const file = from[`${name}_FILE`];
  if (file === undefined || file.trim() === '') return from[name];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    problems.push({
      name: `${name}_FILE`,
      problem: 'names a file that cannot be read',
      fix: 'Check its path and rights.',
    });
    return undefined;
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/u.test(hostname);
}

function nested(values: Values): Config {
  const name = values.OPENAI_MODEL_EMBEDDING;
  return {
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    host: values.HOST,
    apiPort: values.PORT,
    workerPort: values.WORKER_PORT,
    logLevel: values.LOG_LEVEL,
    shutdownGraceMs: values.SHUTDOWN_GRACE_SECONDS * 1_000,
    adminToken: values.ADMIN_TOKEN,
    dryRun: values.REPLIES_DRY_RUN,
    replyLimits: {
      perHour: values.REPLIES_PER_HOUR,
      perAuthor: values.REPLIES_PER_AUTHOR,
      perThread: values.REPLIES_PER_THREAD,
    },
    concurrency: { thinking: values.THINKING_CONCURRENCY, outbound: values.OUTBOUND_CONCURRENCY },
    coverageEveryMs: values.COVERAGE_EVERY_MINUTES * 60_000,
    deliveriesKeptDays: values.DELIVERIES_KEPT_DAYS,
    encryptionKeys: [values.ENCRYPTION_KEY, values.ENCRYPTION_KEY_PREVIOUS].filter((value) => value !== undefined),
    files: {
      folder: values.FILES_DIR ?? `${values.DATA_DIR}/files`,
      s3:
        values.S3_BUCKET === undefined
          ? undefined
          : {
              bucket: values.S3_BUCKET,
              endpoint: values.S3_ENDPOINT,
              region: values.S3_REGION,
              keys:
                values.S3_ACCESS_KEY_ID === undefined || values.S3_SECRET_ACCESS_KEY === undefined
                  ? undefined
                  : { id: values.S3_ACCESS_KEY_ID, secret: values.S3_SECRET_ACCESS_KEY },
              pathStyle: values.S3_PATH_STYLE,
            },
      scanner: values.CLAMD_ADDRESS,
    },
    instagram: {
      baseUrl: values.INSTAGRAM_BASE_URL,
      version: values.INSTAGRAM_API_VERSION,
      token: values.INSTA_TOKEN,
      appSecrets: [values.APP_SECRET, values.APP_SECRET_PREVIOUS].filter((value) => value !== undefined),
      verifyToken: values.TOKEN,
      accountId: values.INSTA_ACCOUNT_ID,
      // Posts are read in the one lane, replies written in the other.
      sockets: values.THINKING_CONCURRENCY + values.OUTBOUND_CONCURRENCY,
      playedHere: isLoopback(new URL(values.INSTAGRAM_BASE_URL).hostname),
    },
    openai: {
      baseUrl: values.OPENAI_BASE_URL,
      apiKey: values.OPENAI_API_KEY,
      classificationModels: values.OPENAI_MODEL_CLASSIFICATION,
      responseModels: values.OPENAI_MODEL_RESPONSE,
      visionModels: values.OPENAI_MODEL_VISION ?? values.OPENAI_MODEL_CLASSIFICATION,
      embedding: name === undefined ? undefined : { name, dimensions: values.OPENAI_EMBEDDING_DIMENSIONS },
      embeddingModels: name === undefined ? [] : [name],
      prices: values.OPENAI_PRICES,
      mode: values.OPENAI_API_MODE,
      sockets: values.THINKING_CONCURRENCY,
      perMinute: { requests: values.OPENAI_RPM, tokens: values.OPENAI_TPM },
    },
    operatorsPace: { messagesPerMinute: values.TG_MESSAGES_PER_MINUTE },
    telegram:
      values.TG_TOKEN === undefined || values.TG_CHAT_ID === undefined
        ? undefined
        : {
            baseUrl: values.TELEGRAM_BASE_URL,
            token: values.TG_TOKEN,
            chatId: values.TG_CHAT_ID,
            alertsThreadId: values.TG_CHAT_ALERTS_THREAD_ID,
            logsThreadId: values.TG_CHAT_LOGS_THREAD_ID,
          },
  };
}

/** What must never be printed, wherever it turns up: the logger replaces it. */
export function secretsOf(config: Config): readonly string[] {
  const { databaseUrl, redisUrl, adminToken, encryptionKeys, files, instagram, openai, telegram } = config;
  // As it stands in the address, and as it is: errors may quote either.
  const passwords = [databaseUrl, redisUrl].flatMap((address) => {
    const { password } = new URL(address);
    return [password, decodeURIComponent(password)];
  });
  const tokens = [instagram.verifyToken, instagram.token, openai.apiKey, adminToken ?? '', telegram?.token ?? ''];
  const ofFiles = files.s3?.keys?.secret ?? '';
  return [...passwords, ...instagram.appSecrets, ...encryptionKeys, ...tokens, ofFiles].filter((value) => value !== '');
}
