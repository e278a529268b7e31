import { type Environment } from '#infrastructure/config/config.js';

import { type Choices, type Vendor, vendorNames, vendors } from './choices.js';
import { type GivenSettings } from './given-settings.js';
import { type Secrets } from './secrets.js';

export interface Ports {
  readonly api: number;
  readonly worker: number;
  readonly sandbox: number;
}

/** Where the parts of this system found each other. */
export interface Addresses {
  readonly ports: Ports;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
}

const sandboxPaths: Record<Vendor, string> = { instagram: '/instagram', openai: '/openai/v1', telegram: '/telegram' };
const vendorSettings: Record<Vendor, Array<[name: string, secret: keyof Secrets]>> = {
  instagram: [
    ['INSTA_TOKEN', 'instagramToken'],
    ['APP_SECRET', 'appSecret'],
    ['TOKEN', 'verifyToken'],
  ],
  openai: [['OPENAI_API_KEY', 'openaiKey']],
  telegram: [
    ['TG_TOKEN', 'telegramToken'],
    ['TG_CHAT_ID', 'telegramChatId'],
  ],
};

/** Where one person plays all customers, and plays them again, the limit per author would look like a fault. */
const repliesPerAuthor = 'REPLIES_PER_AUTHOR';

export function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** For api, worker and the schema step: the user's settings, completed where a part is started here. */
export function programEnvironment(
  given: GivenSettings,
  choices: Choices,
  secrets: Secrets,
  at: Addresses,
): Environment {
  return {
    HOST: '127.0.0.1', // this machine's own, unless the user wants it otherwise
    ...given.environment,
    ...(at.databaseUrl !== undefined && { DATABASE_URL: at.databaseUrl }),
    ...(at.redisUrl !== undefined && { REDIS_URL: at.redisUrl }),
    ...(!given.isSet('ENCRYPTION_KEY') && { ENCRYPTION_KEY: secrets.encryptionKey }),
    ...portSettings(at.ports),
    ...(choices.vendors.instagram === 'sandbox' && !given.isSet(repliesPerAuthor) && { [repliesPerAuthor]: '1000' }),
    ...Object.assign({}, ...vendorNames.map((vendor) => vendorPart(vendor, given, choices, secrets, at.ports))),
  };
}

function vendorPart(
  vendor: Vendor,
  given: GivenSettings,
  choices: Choices,
  secrets: Secrets,
  ports: Ports,
): Environment {
  const player = choices.vendors[vendor];
  if (player === 'real') return {};
  const missing = vendorSettings[vendor].filter(([name]) => !given.isSet(name));
  return {
    ...(player === 'sandbox' && { [vendors[vendor].address]: `${urlOf(ports.sandbox)}${sandboxPaths[vendor]}` }),
    ...Object.fromEntries(missing.map(([name, secret]) => [name, secrets[secret]])),
  };
}

/**
 * For the sandbox: the credentials of the vendors that it plays. It never gets to know a real key, nor the secret
 * that signs webhooks of the real Instagram.
 */
export function sandboxEnvironment(
  given: GivenSettings,
  choices: Choices,
  secrets: Secrets,
  { ports }: Addresses,
  dataDir: string,
): Environment {
  const adminToken = given.read('ADMIN_TOKEN');
  const credentials = vendorNames.flatMap((vendor) =>
    vendorSettings[vendor].map(([name, secret]) => {
      const users = choices.vendors[vendor] === 'sandbox' ? given.read(name) : undefined;
      return [name, users ?? secrets[secret]];
    }),
  );
  return {
    ...withoutSecrets(given.environment),
    ...portSettings(ports),
    ...Object.fromEntries(credentials),
    ...(adminToken !== undefined && { ADMIN_TOKEN: adminToken }),
    API_URL: urlOf(ports.api),
    SANDBOX_DATA_DIR: dataDir,
  };
}

function withoutSecrets(environment: Environment): Environment {
  const keys = ['ENCRYPTION_KEY', 'ENCRYPTION_KEY_PREVIOUS', 'S3_SECRET_ACCESS_KEY'];
  const names = ['DATABASE_URL', 'REDIS_URL', 'APP_SECRET_PREVIOUS', 'ADMIN_TOKEN', ...keys];
  const secret = [...names, ...vendorNames.flatMap((vendor) => vendorSettings[vendor].map(([name]) => name))];
  const withheld = new Set(secret.flatMap((name) => [name, `${name}_FILE`]));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !withheld.has(name)));
}

function portSettings({ api, worker, sandbox }: Ports): Environment {
  return { PORT: String(api), WORKER_PORT: String(worker), SANDBOX_PORT: String(sandbox) };
}
