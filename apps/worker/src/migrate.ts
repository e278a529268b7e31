import { migrateOnly } from '#infrastructure/process/start-process.js';

await migrateOnly();
