import { AppError, kindOf } from '#domain/shared/errors.js';
import type { Allowances, Taken } from '#domain/work/allowances.js';

const limit = 'messages-to-operators';
/** When the chat asks for a pause and does not say how long. */
const usualPauseMs = 30_000;

/** What all processes together may write into one chat, whatever it is about. */
export class ChatBudget {
  constructor(
    private readonly allowances: Pick<Allowances, 'take' | 'hold'>,
    private readonly perMinute: number,
  ) {}

  /** @throws AppError 'rate-limited' with the time to wait when the minute is full, or the chat asked for a pause */
  async write<Outcome>(chatId: string, send: () => Promise<Outcome>): Promise<Outcome> {
    const of = `chat ${chatId}`;
    const taken = await this.taken(of);
    if (taken.kind === 'wait') {
      throw new AppError('rate-limited', 'The operators\u2019 chat takes no more messages for now.', {
        retryAfterMs: taken.ms,
        detail: { limit: taken.limit },
      });
    }
    try {
      return await send();
    } catch (error) {
      if (kindOf(error) === 'rate-limited') await this.pause(of, error);
      throw error;
    }
  }

  private async taken(of: string): Promise<Taken> {
    try {
      return await this.allowances.take([{ limit, of, amount: 1, most: this.perMinute }]);
    } catch {
      // That the database is away must be said without it.
      return { kind: 'granted' };
    }
  }

  /** For every process: what the vendor asks of one it asks of all. */
  private async pause(of: string, error: unknown): Promise<void> {
    const told = error instanceof AppError ? error.retryAfterMs : undefined;
    // Where it cannot be written down, the next one is told the same.
    await this.allowances.hold(of, told ?? usualPauseMs, 'vendor-asked').catch(() => undefined);
  }
}
