/** The three companies whose servers the product talks to; each can be played by the sandbox. */
export const vendors = {
  instagram: {
    title: 'Instagram',
    key: 'INSTA_TOKEN',
    address: 'INSTAGRAM_BASE_URL',
    needs: 'INSTA_TOKEN, APP_SECRET and TOKEN',
  },
  openai: { title: 'OpenAI', key: 'OPENAI_API_KEY', address: 'OPENAI_BASE_URL', needs: 'OPENAI_API_KEY' },
  telegram: { title: 'Telegram', key: 'TG_TOKEN', address: 'TELEGRAM_BASE_URL', needs: 'TG_TOKEN and TG_CHAT_ID' },
} as const;

export type Vendor = keyof typeof vendors;
export const vendorNames = Object.keys(vendors) as Vendor[]; // Object.keys forgets the key type

/** Who answers in a vendor's place. "elsewhere": an address was given without a key, so no key is needed there. */
export type Player = 'real' | 'elsewhere' | 'sandbox';

export interface Choices {
  readonly database: 'given' | 'embedded';
  readonly queue: 'given' | 'embedded' | { readonly binary: string };
  readonly vendors: Readonly<Record<Vendor, Player>>;
}

/**
 * Decides what to start. What a setting names is never replaced.
 * @param isSet whether the user gave a value for this setting
 * @param redisBinary an installed server, if there is one
 */
export function choose(isSet: (name: string) => boolean, redisBinary: string | undefined): Choices {
  const player = (vendor: Vendor): Player => {
    if (isSet(vendors[vendor].key)) return 'real';
    return isSet(vendors[vendor].address) ? 'elsewhere' : 'sandbox';
  };
  return {
    database: isSet('DATABASE_URL') ? 'given' : 'embedded',
    queue: isSet('REDIS_URL') ? 'given' : redisBinary === undefined ? 'embedded' : { binary: redisBinary },
    vendors: { instagram: player('instagram'), openai: player('openai'), telegram: player('telegram') },
  };
}

export function needsSandbox(choices: Choices): boolean {
  return vendorNames.some((vendor) => choices.vendors[vendor] === 'sandbox');
}

/**
 * One line per choice: what was chosen, and how to change it. Never a value of a setting: it may hold a password.
 * @param isSet whether the user gave a value for this setting
 * @param dryRun nothing is published, which is easily forgotten
 */
export function describe(
  choices: Choices,
  dataDir: string,
  isSet: (name: string) => boolean,
  dryRun: boolean,
): string[] {
  const lines: Array<[string, string]> = [
    ['database', describeDatabase(choices, dataDir)],
    ['queue', describeQueue(choices, dataDir)],
    ...vendorNames.map((vendor): [string, string] => [vendor, describeVendor(vendor, choices.vendors[vendor], isSet)]),
    ...(dryRun ? [['dry run', dryRunLine] satisfies [string, string]] : []),
  ];
  return lines.map(([what, chosen]) => `${what.padEnd(11)}${chosen}`);
}

function describeDatabase({ database }: Choices, dataDir: string): string {
  if (database === 'given') return 'PostgreSQL from DATABASE_URL (unset it to use an embedded one)';
  return `embedded PGlite in ${dataDir}/postgres (set DATABASE_URL to use your own PostgreSQL with pgvector)`;
}

function describeQueue({ queue }: Choices, dataDir: string): string {
  if (queue === 'given') return 'Redis from REDIS_URL (unset it to use one started here)';
  if (queue === 'embedded') return 'embedded Redis in memory (install redis-server, or set REDIS_URL to use your own)';
  return `${queue.binary} started privately, data in ${dataDir}/redis (set REDIS_URL to use your own)`;
}

const dryRunLine = 'nothing is published or hidden at Instagram (set REPLIES_DRY_RUN=false to begin)';

function describeVendor(vendor: Vendor, player: Player, isSet: (name: string) => boolean): string {
  const { title, key, address, needs } = vendors[vendor];
  if (player === 'real' && isSet(address)) return `the server at ${address} with your ${key}`;
  if (player === 'real') return `${title} with your ${key} (unset it to let the sandbox play ${title})`;
  if (player === 'elsewhere') return `the server at ${address} (set ${needs} for an account of yours)`;
  return `played by the sandbox (set ${needs} for the real ${title})`;
}
