const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
// One Ctrl-C arrives twice under npm: from the terminal, and handed on by npm.
const sameRequestMs = 500;

/** The first request to stop is polite, a later one means "now". */
export function onStopSignals(politely: () => void, now: () => void): void {
  let first: number | undefined;
  const listener = (): void => {
    if (first === undefined) {
      first = performance.now();
      politely();
    } else if (performance.now() - first > sameRequestMs) {
      now();
    }
  };
  for (const signal of stopSignals) process.on(signal, listener);
}

const parentCheckMs = 500;

/**
 * npm ends its shell on SIGTERM, and the shell tells nobody. Under npm a lost parent therefore means "stop"; started
 * in any other way, a launcher may well outlive the shell it came from.
 */
export function onNpmGone(startedByNpm: boolean, politely: () => void): void {
  if (!startedByNpm) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    politely();
  }, parentCheckMs);
  timer.unref();
}
