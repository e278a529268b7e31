import { startProcess } from '#infrastructure/process/start-process.js';
import { createWorker } from './create-worker.js';

await startProcess('worker', async (config, logger) => {
  const app = await createWorker(config, logger);
  await app.listen(config.workerPort, config.host);
  logger.info({ health: await app.getUrl() }, 'The worker is ready.');
});
