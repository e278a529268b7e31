import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into each program before its own code: when the launcher is gone, however it went, the program stops too.
 * The channel must not keep a program alive that has nothing left to do.
 */
const patienceMs = 20_000;

function stop(): void {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), patienceMs).unref();
}

if (isMainThread && process.channel) {
  process.on('disconnect', stop);
  process.channel.unref();
}
