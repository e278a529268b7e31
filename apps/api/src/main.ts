import { startProcess } from '#infrastructure/process/start-process.js';
import { createApi } from './create-api.js';

await startProcess('api', async (config, logger) => {
  const app = await createApi(config, logger);
  await app.listen(config.apiPort, config.host);
  logger.info({ url: await app.getUrl() }, 'The api is ready.');
});
