import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const optional = z
  .string()
  .optional()
  .transform((value) => (value === undefined || value === '' ? undefined : value));

const schema = z.object({
  SANDBOX_PORT: port.default(3002),
  PORT: port.default(3000),
  APP_SECRET: optional,
  TOKEN: optional,
  INSTA_TOKEN: optional,
  OPENAI_API_KEY: optional,
  TG_TOKEN: optional,
  TG_CHAT_ID: optional,
  TG_CHAT_ALERTS_THREAD_ID: optional,
  TG_CHAT_LOGS_THREAD_ID: optional,
  API_URL: optional,
  ADMIN_TOKEN: optional,
  SANDBOX_DATA_DIR: optional,
});

/** What the sandbox needs to know. A missing token means that this vendor lets nobody in. */
export interface SandboxSettings {
  /** 0 = any free one. */
  readonly port: number;
  readonly appSecret: string | undefined;
  readonly verifyToken: string | undefined;
  readonly instagramToken: string | undefined;
  readonly openAiKey: string | undefined;
  readonly telegramToken: string | undefined;
  /** Undefined: every chat exists. */
  readonly telegramChatId: string | undefined;
  /** Topics that exist in the chat; without any, the chat has no topics. */
  readonly telegramThreadIds: readonly string[];
  readonly apiUrl: string;
  readonly adminToken: string | undefined;
  /** Undefined: everything is forgotten at the end. */
  readonly dataDir: string | undefined;
}

/** @throws Error naming every setting that cannot be used, never its value */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): SandboxSettings {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The sandbox cannot use these settings:\n  ${names.join('\n  ')}`);
  }
  const values = parsed.data;
  return {
    port: values.SANDBOX_PORT,
    appSecret: values.APP_SECRET,
    verifyToken: values.TOKEN,
    instagramToken: values.INSTA_TOKEN,
    openAiKey: values.OPENAI_API_KEY,
    telegramToken: values.TG_TOKEN,
    telegramChatId: values.TG_CHAT_ID,
    telegramThreadIds: [values.TG_CHAT_ALERTS_THREAD_ID, values.TG_CHAT_LOGS_THREAD_ID].filter(
      (id) => id !== undefined,
    ),
    apiUrl: values.API_URL ?? `http://127.0.0.1:${values.PORT}`,
    adminToken: values.ADMIN_TOKEN,
    dataDir: values.SANDBOX_DATA_DIR,
  };
}

export function settingsOfProcess(): SandboxSettings {
  return readSettings(process.env);
}

/** How a terminal wants to be written to (https://no-color.org). */
export function terminalWishes(): { readonly color: boolean } {
  return { color: (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb' };
}

const modelSchema = z.object({
  OPENAI_API_KEY: optional,
  OPENAI_BASE_URL: optional.pipe(z.url().default('https://api.openai.com/v1')),
  OPENAI_MODEL_CLASSIFICATION: optional,
  OPENAI_API_MODE: optional.pipe(z.enum(['responses', 'chat']).default('responses')),
  DATABASE_URL: optional,
});

/** What an evaluation needs to know. Without a key the sandbox plays the model. */
export interface EvaluationSettings {
  readonly apiKey: string | undefined;
  readonly baseUrl: string;
  readonly model: string | undefined;
  readonly mode: 'responses' | 'chat';
  readonly databaseUrl: string | undefined;
}

/** @throws Error naming every setting that cannot be used, never its value */
export function evaluationSettings(): EvaluationSettings {
  const parsed = modelSchema.safeParse(process.env);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`These settings cannot be used:\n  ${names.join('\n  ')}`);
  }
  const values = parsed.data;
  return {
    apiKey: values.OPENAI_API_KEY,
    baseUrl: values.OPENAI_BASE_URL,
    // Several are written one after the other; the first does the work.
    model: values.OPENAI_MODEL_CLASSIFICATION?.split(',')[0]?.trim(),
    mode: values.OPENAI_API_MODE,
    databaseUrl: values.DATABASE_URL,
  };
}
