import { Writable } from 'node:stream';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { AppError } from '#domain/shared/errors.js';
import { createLogger, loggerOptions, withTrace } from './logger.js';
import { maskPersonal } from './mask.js';

const secret = 'IGAA0123456789secret';

function lines(): { logger: pino.Logger; read: () => Record<string, unknown>[] } {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      done();
    },
  });
  const logger = pino(loggerOptions({ app: 'test', level: 'info', secrets: [secret] }), stream);
  return { logger, read: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) }; // pino writes objects
}

describe('logs', () => {
  it('carry the trace id of the work on every line', async () => {
    const { logger, read } = lines();
    await withTrace({ traceId: 't-1', commentId: '17865799348089039' }, async () => {
      await Promise.resolve();
      logger.info('done');
    });
    logger.info('elsewhere');
    expect(read()).toMatchObject([
      { traceId: 't-1', commentId: '17865799348089039', msg: 'done' },
      { msg: 'elsewhere' },
    ]);
    expect(read()[1]).not.toHaveProperty('traceId');
  });

  it('hide secrets and personal data wherever they stand: message, fields, errors and their causes', () => {
    const { logger, read } = lines();
    const cause = new Error(`GET /me?access_token=${secret} failed for anna@example.org`);
    logger.error(
      { err: new AppError('unavailable', `token ${secret}`, { cause }), deep: { list: [secret] } },
      `used ${secret}`,
    );
    const text = JSON.stringify(read());
    expect(text).not.toContain(secret);
    expect(text).not.toContain('anna@example.org');
    expect(text).toContain('unavailable');
  });

  it('say what an error was, with its stack', () => {
    const { logger, read } = lines();
    logger.warn({ err: new AppError('rate-limited', 'slow down', { detail: { code: 4 } }) }, 'later');
    expect(read()[0]).toMatchObject({
      level: 'warn',
      err: { kind: 'rate-limited', message: 'slow down', detail: { code: 4 } },
    });
    expect(JSON.stringify(read()[0])).toContain('logger.test');
  });

  it('are made as they are set up', async () => {
    const logger = await createLogger({ app: 'test', level: 'error', secrets: [], pretty: false });
    expect(logger.level).toBe('error');
  });
});

describe('masking', () => {
  it.each([
    ['write to anna.k@example.org now', 'write to [e-mail] now'],
    ['call +7 900 123-45-67!', 'call [number]!'],
    ['card 4111 1111 1111 1111', 'card [number]'],
    ['card 4111111111111111', 'card [number]'],
    ['thanks @warm_bread', 'thanks @war…'],
    ['https://x.example/?token=abc&b=1', 'https://x.example/?token=[…]&b=[…]'],
  ])('%s', (text, masked) => {
    expect(maskPersonal(text)).toBe(masked);
  });

  it.each([
    'comment 17865799348089039 of account 17841400000000021',
    'trace 76e12f2a-41f3-4d71-8123-123456789012',
    'trace 12345678-1234-4123-8123-123456789012',
    'at 2026-11-20T19:55:22.575Z',
    'took 1234.5678 ms on 127.0.0.1:3000',
  ])('leaves ids, times and addresses of machines readable: %s', (text) => {
    expect(maskPersonal(text)).toBe(text);
  });
});
