/**
 * Waits for something at most so long. What is waited for goes on: only we stop waiting, and its later failure is
 * nobody's any more.
 * @throws what it throws, or `late()` when the time is over first
 */
export async function within<Result>(ms: number, work: Promise<Result>, late: () => Error): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    // A race also listens to the loser, so that its failure is never unhandled.
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
