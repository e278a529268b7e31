import { randomBytes } from 'node:crypto';
import { freePort } from '../../apps/launcher/src/ports.js';

/** Where the parts of one stack listen, and what they share. Every stack has secrets of its own. */
export interface StackPlan {
  readonly apiPorts: readonly number[];
  readonly sandboxPort: number;
  readonly appSecret: string;
  readonly instagramToken: string;
  /** For api and worker, but for their ports. */
  readonly programs: Readonly<Record<string, string>>;
  readonly sandbox: Readonly<Record<string, string>>;
}

export function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** @param given settings of every api and worker, before those that all stacks have */
export async function planStack(apis: number, given: Readonly<Record<string, string>>): Promise<StackPlan> {
  const sandboxPort = await freePort();
  const apiPorts = await Promise.all(Array.from({ length: apis }, freePort));
  const secret = (): string => randomBytes(16).toString('hex');
  const credentials = {
    APP_SECRET: secret(),
    TOKEN: secret(),
    INSTA_TOKEN: secret(),
    OPENAI_API_KEY: secret(),
    TG_TOKEN: `7000000021:${secret()}`,
    TG_CHAT_ID: '-1001000000021',
  };
  const sandboxUrl = urlOf(sandboxPort);
  return {
    apiPorts,
    sandboxPort,
    appSecret: credentials.APP_SECRET,
    instagramToken: credentials.INSTA_TOKEN,
    programs: {
      ...credentials,
      SHUTDOWN_GRACE_SECONDS: '0', // nobody spreads traffic here
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      // The same few customers ask hundreds of times; the limits have tests of their own.
      REPLIES_PER_HOUR: '1000000',
      REPLIES_PER_AUTHOR: '1000000',
      REPLIES_PER_THREAD: '1000000',
      TG_MESSAGES_PER_MINUTE: '1000000',
      INSTAGRAM_BASE_URL: `${sandboxUrl}/instagram`,
      OPENAI_BASE_URL: `${sandboxUrl}/openai/v1`,
      TELEGRAM_BASE_URL: `${sandboxUrl}/telegram`,
      ...given,
    },
    sandbox: {
      ...credentials,
      SANDBOX_PORT: String(sandboxPort),
      API_URL: urlOf(apiPorts[0] ?? 0),
    },
  };
}
