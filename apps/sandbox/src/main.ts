import { createSandbox } from './server.js';
import { settingsOfProcess } from './settings.js';

/** The exit code for settings that cannot be used: no use in starting again. */
const configurationError = 78;

async function main(): Promise<void> {
  const settings = settingsOfProcess();
  const app = await createSandbox(settings);
  const address = await app.listen({ port: settings.port, host: '127.0.0.1' });
  process.stdout.write(`sandbox listens on ${address}\n`);
  const stop = (): void => {
    app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(configurationError);
});
