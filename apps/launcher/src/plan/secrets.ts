import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { z } from 'zod';

import { LaunchProblem } from '../launch-problem.js';

const makers = {
  appSecret: () => randomHex(16),
  verifyToken: () => randomHex(16),
  instagramToken: () => `sandbox-${randomHex(16)}`,
  openaiKey: () => `sandbox-${randomHex(16)}`,
  // Telegram's tokens begin with the bot's number.
  telegramToken: () => `${randomNumber()}:${randomHex(18)}`,
  encryptionKey: () => randomHex(32),
  // Groups have negative numbers, supergroups begin with -100.
  telegramChatId: () => `-100${randomNumber()}`,
};

const Kept = z.partialRecord(z.enum(Object.keys(makers)), z.string().min(1));
/** Credentials for vendors that are not the real ones. */
export type Secrets = Readonly<Record<keyof typeof makers, string>>;

/** New ones, kept nowhere. */
export function makeSecrets(kept: Partial<Record<string, string>> = {}): Secrets {
  const made = Object.entries(makers).map(([name, make]) => [name, kept[name] ?? make()]);
  return Object.fromEntries(made) as Secrets; // made from the entries of `makers`, so it has their keys
}

/** Reads the secrets of this folder; what is missing is made once and kept, readable by the owner only. */
export function keepSecrets(file: string): Secrets {
  const kept = existsSync(file) ? readKept(file) : {};
  const secrets = makeSecrets(kept);
  if (Object.keys(kept).length < Object.keys(secrets).length) write(file, secrets);
  return secrets;
}

function readKept(file: string): Partial<Record<string, string>> {
  try {
    return Kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new LaunchProblem(`${file} cannot be read. Delete it: new secrets are made at the next start.`);
  }
}

function write(file: string, secrets: Secrets): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

function randomNumber(): number {
  return 1_000_000_000 + (randomBytes(4).readUInt32BE(0) % 1_000_000_000);
}
