import type { FastifyInstance, FastifyReply } from 'fastify';
import { request as send } from 'undici';
import { z } from 'zod';
import { tokenRequest, type Access } from './access.js';
import { bakeryDocuments } from './bakery/documents.js';
import { suggestions } from './bakery/suggestions.js';
import { commentRequest, deliveryRequest, type Customers } from './customers.js';
import type { EventStream } from './events.js';
import { faultRequest, type Faults } from './faults.js';
import type { Ledger } from './ledger.js';
import type { Delivery, MetaSender } from './meta-sender.js';
import { badRequest, problem } from './problems.js';
import { type UsageHeaders, usageRequest } from './usage.js';
import { stateOf } from './view.js';
import type { World } from './world.js';

export interface ControlParts {
  readonly world: World;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly access: Access;
  readonly customers: Customers;
  readonly sender: MetaSender;
  readonly events: EventStream;
  readonly apiUrl: string;
  readonly adminToken: string | undefined;
  readonly usage: UsageHeaders;
}

/** The sandbox's own routes: what tests, the demo and the page steer it by. */
export function registerControl(app: FastifyInstance, parts: ControlParts): void {
  registerOracle(app, parts);
  registerCustomers(app, parts);
  registerPageData(app, parts);
  app.get('/health/ready', () => ({ status: 'ok' }));
}

const ledgerQuery = z.strictObject({
  vendor: z.string().optional(),
  call: z.string().optional(),
  target: z.string().optional(),
  since: z.coerce.number().int().min(0).optional(),
});

function registerOracle(app: FastifyInstance, { ledger, faults, usage, access, world }: ControlParts): void {
  app.get('/_sandbox/outcomes', () => ({
    outcomes: world.outcomes(),
    messages: world.messages.map(({ text }) => text),
  }));
  app.get('/_sandbox/ledger', (request, reply) => {
    const query = ledgerQuery.safeParse(request.query);
    if (!query.success) return badRequest(reply, query.error);
    const entries = ledger.find(query.data);
    return reply.send({ entries, count: entries.length });
  });
  app.delete('/_sandbox/ledger', (_request, reply) => {
    ledger.clear();
    return reply.code(204).send();
  });
  app.post('/_sandbox/faults', (request, reply) => {
    const fault = faultRequest.safeParse(request.body);
    if (!fault.success) return badRequest(reply, fault.error);
    return reply.code(201).send({ id: faults.add(fault.data) });
  });
  app.put('/_sandbox/usage', (request, reply) => {
    const said = usageRequest.safeParse(request.body);
    if (!said.success) return badRequest(reply, said.error);
    usage.set(said.data);
    return reply.code(204).send();
  });
  app.get('/_sandbox/faults', () => ({ faults: faults.list() }));
  app.delete('/_sandbox/faults', (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.post('/_sandbox/tokens', (request, reply) => {
    const wanted = tokenRequest.safeParse(request.body);
    if (!wanted.success) return badRequest(reply, wanted.error);
    access.set(wanted.data);
    return reply.code(204).send();
  });
}

function registerCustomers(app: FastifyInstance, { customers, sender }: ControlParts): void {
  app.post('/_sandbox/comments', async (request, reply) => {
    const wanted = commentRequest.safeParse(request.body);
    if (!wanted.success) return badRequest(reply, wanted.error);
    const comments = customers.write(wanted.data);
    if ('problem' in comments) return problem(reply, 400, 'The request cannot be used', comments.problem);
    const ids = comments.map(({ id }) => id);
    if (!wanted.data.deliver) return reply.code(201).send({ id: ids[0], ids, comments });
    const deliveries = await customers.deliverEach(comments);
    return reply.code(201).send({ id: ids[0], ids, delivery: worstOf(deliveries) });
  });
  app.post('/_sandbox/deliveries', async (request, reply) => {
    const wanted = deliveryRequest.safeParse(request.body);
    if (!wanted.success) return badRequest(reply, wanted.error);
    const deliveries = await customers.deliverAgain(wanted.data);
    if ('problem' in deliveries) return problem(reply, 404, 'Not found', deliveries.problem);
    const updates = deliveries.reduce((sum, { ids }) => sum + ids.length, 0);
    return reply.code(201).send({ calls: deliveries.length, updates, statuses: countByStatus(deliveries) });
  });
  app.get('/_sandbox/deliveries', () => sender.state());
  app.post('/_sandbox/handshake', () => sender.handshake());
}

function registerPageData(app: FastifyInstance, parts: ControlParts): void {
  app.get('/_sandbox/state', () => stateOf(parts.world));
  app.get('/_sandbox/events', (_request, reply) => parts.events.join(reply));
  app.get('/_sandbox/documents', () => bakeryDocuments);
  app.get('/_sandbox/suggestions', () => suggestions);
  app.get<{ Params: { id: string } }>('/_sandbox/decisions/:id', (request, reply) =>
    proxyDecisions(parts, request.params.id, reply),
  );
}

/** Answers slower than this are no answers for somebody who looks on. */
const apiAnswersWithinMs = 5000;

/** The page may not know the admin token, and its origin is not the api's. */
async function proxyDecisions(parts: ControlParts, id: string, reply: FastifyReply): Promise<FastifyReply> {
  try {
    const answer = await send(`${parts.apiUrl}/api/v1/comments/${encodeURIComponent(id)}/decisions`, {
      headers: parts.adminToken === undefined ? {} : { authorization: `Bearer ${parts.adminToken}` },
      signal: AbortSignal.timeout(apiAnswersWithinMs),
    });
    const type = answer.headers['content-type'];
    const body = await answer.body.text();
    return await reply
      .code(answer.statusCode)
      .header('content-type', typeof type === 'string' ? type : 'application/json')
      .send(body);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    return problem(reply, 502, 'Bad gateway', `The api does not answer: ${why}`);
  }
}

function worstOf(deliveries: readonly Delivery[]): Pick<Delivery, 'status' | 'attempts' | 'state'> {
  const worst = deliveries.find(({ state }) => state !== 'delivered') ?? deliveries[0];
  return { status: worst?.status ?? null, attempts: worst?.attempts ?? 0, state: worst?.state ?? 'lost' };
}

function countByStatus(deliveries: readonly Delivery[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of deliveries) {
    const name = String(status ?? 'none');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
