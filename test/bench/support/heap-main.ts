import process from 'node:process';

// Loaded into a program that is watched for leaks, with --expose-gc: asked over the channel, it says what is left of the
// heap after a collection.

process.on('message', (question) => {
  if (question !== 'heap') return;
  globalThis.gc?.();
  process.send?.({ heap: process.memoryUsage().heapUsed });
});
// Listening must not keep a program alive that has nothing left to do.
process.channel?.unref();
