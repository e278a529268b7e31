import Fastify, { type FastifyInstance } from 'fastify';
import { Access } from './access.js';
import { registerControl } from './control.js';
import { Customers } from './customers.js';
import { EventStream } from './events.js';
import { Faults } from './faults.js';
import { Graph } from './graph.js';
import { registerInstagram } from './instagram.js';
import { Journal } from './journal.js';
import { Ledger } from './ledger.js';
import { MetaSender } from './meta-sender.js';
import { registerOpenAi } from './openai.js';
import { registerPictures } from './pictures.js';
import { problem } from './problems.js';
import type { SandboxSettings } from './settings.js';
import { registerStaticFiles } from './static-files.js';
import { registerTelegram } from './telegram.js';
import { UsageHeaders } from './usage.js';
import { VendorDesk } from './vendor-desk.js';
import { pageEventOf } from './view.js';
import { World } from './world.js';

/** The largest body that a vendor takes here; documents and prompts are far smaller. */
const bodyLimit = 5 * 1024 * 1024;
const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** The three vendors of the bakery over HTTP, and the page. Not yet listening. */
export async function createSandbox(settings: SandboxSettings): Promise<FastifyInstance> {
  const app = Fastify({ bodyLimit, forceCloseConnections: true, routerOptions: { maxParamLength: 300 } });
  const world = new World();
  const events = new EventStream();
  const faults = new Faults();
  const ledger = new Ledger();
  const desk = new VendorDesk(ledger, faults);
  const sender = new MetaSender(settings, world, faults, ({ ids, status, attempts, state }) =>
    events.send('delivery', { ids, status, attempts, state }),
  );
  // Meta tells about the account's own replies as about anybody's comments.
  const graph = new Graph(world, (reply) => void sender.deliver([reply]));

  const journal = remember(world, settings.dataDir);
  world.watch((event) => {
    const page = pageEventOf(event, world);
    if (page) events.send(page.name, page.data);
  });

  readForms(app);
  keepToThisMachine(app);
  const usage = new UsageHeaders();
  const access = new Access(settings.instagramToken);
  registerInstagram(app, { graph, world, desk, access, usage });
  registerOpenAi(app, { desk, key: settings.openAiKey, thinking: (event) => events.send('model', event) });
  registerPictures(app);
  const { telegramToken: token, telegramChatId: chatId, telegramThreadIds: threadIds } = settings;
  registerTelegram(app, { world, desk, token, chatId, threadIds });
  const { apiUrl, adminToken } = settings;
  registerControl(app, {
    world,
    ledger,
    faults,
    access,
    sender,
    events,
    apiUrl,
    adminToken,
    usage,
    customers: new Customers(world, sender),
  });
  await registerStaticFiles(app);

  app.addHook('preClose', async () => {
    // Whoever hangs or listens would keep the server open.
    faults.clear();
    events.close();
    await sender.close();
  });
  app.addHook('onClose', () => journal?.close());
  return app;
}

/** Brings back what happened in earlier runs, and writes down what happens from now on. */
function remember(world: World, dataDir: string | undefined): Journal | undefined {
  if (dataDir === undefined) return undefined;
  const { journal, events } = Journal.open(dataDir);
  for (const event of events) world.apply(event);
  world.watch((event) => journal.append(event));
  return journal;
}

function readForms(app: FastifyInstance): void {
  const options = { parseAs: 'string' } as const;
  app.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body.toString())));
  });
  // A POST without a body may still say that it is JSON (the Graph API takes everything from the query).
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', options, (_request, body, done) => {
    try {
      done(null, body.length === 0 ? undefined : JSON.parse(body.toString()));
    } catch {
      done(Object.assign(new Error('The body is not JSON.'), { statusCode: 400 }));
    }
  });
}

/** A page of another site in the visitor's browser must not write here, nor read by a name of its own. */
function keepToThisMachine(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { host = '', origin } = request.headers;
    if (!loopback.test(host)) return problem(reply, 403, 'Forbidden', 'The sandbox serves this machine only.');
    if (origin !== undefined && origin !== `http://${host}`) {
      return problem(reply, 403, 'Forbidden', 'The sandbox answers its own page only.');
    }
    return undefined;
  });
}
