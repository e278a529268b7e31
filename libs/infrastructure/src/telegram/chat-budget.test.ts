import { describe, expect, it } from 'vitest';
import { AppError } from '#domain/shared/errors.js';
import { InMemoryAllowances } from '../../../../test/fakes/in-memory-allowances.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { ChatBudget } from './chat-budget.js';

const most = 18;
const sent = async (): Promise<string> => await Promise.resolve('sent');

async function writeMany(budgets: readonly ChatBudget[], count: number): Promise<number> {
  let written = 0;
  for (let index = 0; index < count; index += 1) {
    await budgets[index % budgets.length]?.write('-1', sent).then(
      () => (written += 1),
      () => undefined,
    );
  }
  return written;
}

describe('what is written into the operators\u2019 chat', () => {
  it('is bounded over all processes together, and goes on when the minute is over', async () => {
    const clock = new VirtualClock();
    const book = new InMemoryAllowances(clock);
    const budgets = [new ChatBudget(book, most), new ChatBudget(book, most)];
    expect(await writeMany(budgets, 50)).toBe(most);
    await expect(budgets[0]?.write('-1', sent)).rejects.toMatchObject({ kind: 'rate-limited' });
    await expect(budgets[0]?.write('-2', sent)).resolves.toBe('sent');
    clock.pass(63_000);
    expect(await writeMany(budgets, 50)).toBe(most);
  });

  it('pauses for all of them for as long as the chat asks', async () => {
    const clock = new VirtualClock();
    const book = new InMemoryAllowances(clock);
    const [one, other] = [new ChatBudget(book, most), new ChatBudget(book, most)];
    const refuse = async (): Promise<never> =>
      await Promise.reject(new AppError('rate-limited', 'Too Many Requests', { retryAfterMs: 17_000 }));
    await expect(one.write('-1', refuse)).rejects.toMatchObject({ retryAfterMs: 17_000 });
    await expect(other.write('-1', sent)).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs: 17_000 });
    clock.pass(17_001);
    await expect(other.write('-1', sent)).resolves.toBe('sent');
  });

  it('goes out uncounted while the book of limits is away: that the database is away must be said', async () => {
    const away = async (): Promise<never> => await Promise.reject(new AppError('unavailable', 'no database'));
    await expect(new ChatBudget({ take: away, hold: away }, most).write('-1', sent)).resolves.toBe('sent');
  });
});
