import { z } from 'zod';

/** One setting: its rule, and what to do when it is wrong. The name in the environment is its key in the catalogue. */
export interface Setting<Value> {
  readonly schema: z.ZodType<Value>;
  /** One sentence that says how to make a right value. */
  readonly fix: string;
  /** Secret values may also be sample values that must be refused, and are never printed. */
  readonly secret: boolean;
}

// Values from tutorials, earlier sample files and our own documentation: a system that starts with one of these is open.
const sampleValues = new Set([
  'changeme',
  'change-me',
  'secret',
  'password',
  'example',
  'test',
  'token',
  'your-secret',
  'your_app_secret',
  'your_verify_token',
  'your_instagram_token',
  'your_openai_api_key',
  'your_telegram_bot_token',
  'sk-your-key',
  'sk-xxx',
  'app_secret',
  'xxx',
  'todo',
]);

function isSample(value: string): boolean {
  const plain = value.trim().toLowerCase();
  return sampleValues.has(plain) || /^<.*>$/u.test(plain) || /^(.)\1*$/u.test(plain) || /^your[-_ ]/u.test(plain);
}

const text = z.string().trim().min(1, 'is empty');
const list = text
  .transform((value) => value.split(',').map((name) => name.trim()))
  .refine((names) => names.every((name) => name !== ''), 'has a name that is empty')
  .refine((names) => new Set(names).size === names.length, 'names one twice');

/** Names with commas between them, each once, the preferred one first. */
export function listOr(fallback: string, fix: string): Setting<readonly string[]> {
  return { schema: withDefault(list, fallback), fix, secret: false };
}

export function optionalList(fix: string): Setting<readonly string[] | undefined> {
  return { schema: blankAsUndefined(list), fix, secret: false };
}

/** JSON of a shape of its own; nothing is given as a rule. */
export function jsonOr<Value>(fallback: string, shape: z.ZodType<Value>, fix: string): Setting<Value> {
  const schema = withDefault(z.string(), fallback)
    .transform((value, context) => {
      try {
        return JSON.parse(value) as unknown; // checked by the shape
      } catch {
        context.addIssue({ code: 'custom', message: 'is no JSON' });
        return z.NEVER;
      }
    })
    .pipe(shape);
  return { schema, fix, secret: false };
}

/** A secret that must be there. */
export function secret(minLength: number, fix: string): Setting<string> {
  const schema = z
    .string({ error: 'is missing' })
    .trim()
    .min(1, 'is empty')
    .refine((value) => !isSample(value), 'is a sample value')
    .refine((value) => isSample(value) || value.length >= minLength, `is shorter than ${minLength} characters`);
  return { schema, fix, secret: true };
}

export function optionalSecret(minLength: number, fix: string): Setting<string | undefined> {
  return { ...secret(minLength, fix), schema: blankAsUndefined(secret(minLength, fix).schema) };
}

export function optionalText(fix: string): Setting<string | undefined> {
  return { schema: blankAsUndefined(text), fix, secret: false };
}

export function textOr(fallback: string, fix: string): Setting<string> {
  return { schema: withDefault(text, fallback), fix, secret: false };
}

/** Not set means the fallback; set and empty means none. */
export function textOrNone(fallback: string, fix: string): Setting<string | undefined> {
  const schema = z
    .string()
    .default(fallback)
    .transform((value) => (value.trim() === '' ? undefined : value.trim()));
  return { schema, fix, secret: false };
}

export function url(protocols: readonly string[], fix: string): Setting<string> {
  const schema = z
    .string({ error: 'is missing' })
    .trim()
    .min(1, 'is empty')
    .refine((value) => isUrl(value, protocols), `is no ${protocols.join(' or ')} URL`)
    .refine(hasReadablePassword, 'has a % in its password that is not written as %25');
  // A URL can carry a password: what was given is never repeated.
  return { schema, fix, secret: true };
}

export function optionalUrl(protocols: readonly string[], fix: string): Setting<string | undefined> {
  return { ...url(protocols, fix), schema: blankAsUndefined(url(protocols, fix).schema) };
}

/** `host:port`. */
export function optionalHostAndPort(
  fix: string,
): Setting<{ readonly host: string; readonly port: number } | undefined> {
  const schema = z
    .string()
    .trim()
    .regex(/^[\w.-]{1,253}:\d{1,5}$/u, 'is no host:port')
    .transform((value) => {
      const [host = '', ofHost = ''] = value.split(':');
      return { host, port: Number(ofHost) };
    })
    .refine((value) => value.port >= 1 && value.port <= 65_535, 'has no port from 1 to 65535');
  return { schema: blankAsUndefined(schema), fix, secret: false };
}

export function urlOr(fallback: string, fix: string): Setting<string> {
  const plain = url(['http', 'https'], fix);
  const schema = withDefault(plain.schema, fallback).transform((value) => value.replace(/\/+$/u, ''));
  return { schema, fix, secret: false };
}

export function port(fallback: number, fix: string): Setting<number> {
  const schema = withDefault(z.string().trim(), String(fallback))
    .refine((value) => /^\d{1,5}$/u.test(value) && Number(value) <= 65_535, 'is no port (0 to 65535)')
    .transform(Number);
  return { schema, fix, secret: false };
}

export function oneOf<const Choice extends string>(
  choices: readonly [Choice, ...Choice[]],
  fallback: Choice,
  fix: string,
): Setting<Choice> {
  const schema = withDefault(z.string().trim(), fallback).pipe(
    z.enum(choices, { error: `is none of ${choices.join(', ')}` }),
  );
  return { schema, fix, secret: false };
}

export function flag(fallback: boolean, fix: string): Setting<boolean> {
  const chosen = oneOf(['true', 'false'], fallback ? 'true' : 'false', fix);
  return { ...chosen, schema: chosen.schema.transform((value) => value === 'true') };
}

/** A whole number from 1 to `most`. */
export function countOr(fallback: number, most: number, fix: string): Setting<number> {
  return { schema: withDefault(count(most), String(fallback)), fix, secret: false };
}

export function optionalCount(most: number, fix: string): Setting<number | undefined> {
  return { schema: blankAsUndefined(count(most)), fix, secret: false };
}

function count(most: number): z.ZodType<number> {
  return z
    .string()
    .trim()
    .refine(
      (value) => /^\d{1,12}$/u.test(value) && Number(value) >= 1 && Number(value) <= most,
      `is no whole number from 1 to ${most}`,
    )
    .transform(Number);
}

export function optionalNumber(fix: string): Setting<number | undefined> {
  const schema = blankAsUndefined(
    z
      .string()
      .trim()
      .regex(/^\d{1,15}$/u, 'is no whole number')
      .transform(Number),
  );
  return { schema, fix, secret: false };
}

/** More than nothing, in whole or parts. */
export function positiveOr(fallback: number, fix: string): Setting<number> {
  const schema = withDefault(z.string().trim(), String(fallback))
    .refine((value) => /^\d{1,6}(?:\.\d{1,4})?$/u.test(value) && Number(value) > 0, 'is no number above 0')
    .transform(Number);
  return { schema, fix, secret: false };
}

/** A time in whole seconds, not more than `most`. */
export function secondsOr(fallback: number, most: number, fix: string): Setting<number> {
  const schema = withDefault(z.string().trim(), String(fallback))
    .refine((value) => /^\d{1,4}$/u.test(value) && Number(value) <= most, `is no number of seconds (0 to ${most})`)
    .transform(Number);
  return { schema, fix, secret: false };
}

/** 32 bytes, in hex or base64. */
export function optionalKey(fix: string): Setting<string | undefined> {
  const schema = optionalSecret(32, fix).schema.refine(
    (value) => value === undefined || /^(?:[0-9a-f]{64}|[\w+/-]{43}=?)$/iu.test(value),
    'is no key of 32 bytes in hex or base64',
  );
  return { schema, fix, secret: true };
}

/** In files like .env an unset setting is often written as `NAME=`. */
function isBlank(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}

function blankAsUndefined<Value>(schema: z.ZodType<Value>): z.ZodType<Value | undefined> {
  return z.preprocess((value) => (isBlank(value) ? undefined : value), schema.optional());
}

function withDefault<Value>(schema: z.ZodType<Value>, fallback: string): z.ZodType<Value> {
  return z.preprocess((value) => (isBlank(value) ? fallback : value), schema);
}

function isUrl(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol.replace(':', ''));
}

/** Every client decodes the password, and most say nothing useful when they cannot. */
function hasReadablePassword(value: string): boolean {
  try {
    return !URL.canParse(value) || decodeURIComponent(new URL(value).password) !== undefined;
  } catch {
    return false;
  }
}
