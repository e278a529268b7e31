import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from './access.js';
import { bakeryAccount } from './bakery/account.js';
import { badParameter, graphFailure, noToken, unknownPath, wrongToken } from './graph-errors.js';
import type { Effect } from './faults.js';
import { GraphMessages } from './graph-messages.js';
import type { Graph, GraphParameters } from './graph.js';
import type { Lag } from './lag.js';
import { flatParameters } from './parameters.js';
import type { UsageHeaders } from './usage.js';
import type { VendorAnswer, VendorDesk } from './vendor-desk.js';
import type { World } from './world.js';

interface GraphRequest {
  readonly version: string;
  readonly path: readonly string[];
  readonly method: string;
  readonly parameters: GraphParameters;
  readonly token: string | undefined;
  readonly url: string;
}

interface Operation {
  readonly call: string;
  readonly target: string;
  readonly work: (lag?: Lag) => VendorAnswer;
}

/** The Instagram Graph API with Instagram login, under /instagram/:version/. */
export function registerInstagram(
  app: FastifyInstance,
  parts: {
    readonly graph: Graph;
    readonly world: World;
    readonly desk: VendorDesk;
    readonly access: Access;
    readonly usage: UsageHeaders;
  },
): void {
  const { graph, world, desk, access, usage } = parts;

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const asked = readRequest(request);
    const operation = operationFor(asked, graph, world, access);
    void reply.headers(usage.all());
    return desk.serve(
      reply,
      {
        vendor: 'instagram',
        call: operation.call,
        target: operation.target,
        text: asked.parameters['message'] ?? '',
        request: { method: asked.method, path: `/${asked.path.join('/')}`, parameters: asked.parameters },
      },
      (effect) => {
        if (!/^v\d+\.\d+$/.test(asked.version)) return unknownPath(`/${asked.version}`);
        if (asked.token === undefined) return noToken();
        if (!access.lets(asked.token)) return wrongToken();
        return operation.work(lagOf(effect));
      },
      graphFailure,
    );
  };

  app.route({ method: ['GET', 'POST', 'DELETE'], url: '/instagram/:version/*', handler: handle });
  // The one call without a version in its address.
  app.get('/instagram/refresh_access_token', async (request, reply) => await handle(request, reply));
}

function operationFor(asked: GraphRequest, graph: Graph, world: World, access: Access): Operation {
  const { path, method, parameters } = asked;
  const [node = '', edge] = path;
  const unknown: Operation = { call: 'unknown', target: node, work: () => unknownPath(`/${path.join('/')}`) };
  if (path.length > 2) return unknown;
  if (node === 'refresh_access_token') {
    const work = (): VendorAnswer => access.refresh(asked.token ?? '', parameters['grant_type']);
    return { call: 'refresh-token', target: bakeryAccount.id, work };
  }
  if (node === 'me' || node === bakeryAccount.id) return accountOperation(asked, graph, world) ?? unknown;

  const isMedia = world.hasMedia(node);
  switch (`${method} ${edge ?? ''}`.trim()) {
    case 'GET':
      return isMedia
        ? { call: 'read-media', target: node, work: () => graph.readMedia(node, parameters, asked.url) }
        : { call: 'read-comment', target: node, work: () => graph.readComment(node, parameters) };
    case 'GET replies':
      return {
        call: 'list-replies',
        target: node,
        work: (lag) => graph.listReplies(node, parameters, asked.url, lag),
      };
    case 'GET messages':
      return {
        call: 'list-messages',
        target: node,
        work: (lag) => new GraphMessages(world).messages(node, parameters, lag),
      };
    case 'GET comments':
      return { call: 'list-comments', target: node, work: () => graph.listComments(node, parameters, asked.url) };
    case 'POST replies':
      return { call: 'reply', target: node, work: () => graph.reply(node, parameters) };
    case 'POST':
      return hideOperation(node, parameters['hide'], graph);
    case 'DELETE':
      return { call: 'delete', target: node, work: () => graph.remove(node) };
    default:
      return unknown;
  }
}

function accountOperation(
  { path, method, parameters, url }: GraphRequest,
  graph: Graph,
  world: World,
): Operation | undefined {
  const target = bakeryAccount.id;
  const messages = new GraphMessages(world);
  if (path[1] === 'messages' && method === 'POST') {
    const commentId = GraphMessages.targetOf(parameters) ?? target;
    return { call: 'private-reply', target: commentId, work: () => messages.privateReply(parameters) };
  }
  if (path[1] === 'conversations' && method === 'GET') {
    const userId = parameters['user_id'] ?? target;
    return { call: 'conversations', target: userId, work: () => messages.conversations(parameters) };
  }
  if (path.length === 1) return method === 'GET' ? { call: 'me', target, work: () => graph.me(parameters) } : undefined;
  if (path[1] === 'media' && method === 'GET') {
    return { call: 'list-media', target, work: () => graph.listMedia(parameters, url) };
  }
  if (path[1] !== 'subscribed_apps') return undefined;
  const work = (): VendorAnswer => {
    if (method === 'GET') return graph.subscriptions();
    if (method === 'DELETE') return graph.subscribe([]);
    const fields = (parameters['subscribed_fields'] ?? '').split(',').filter((field) => field !== '');
    return fields.length === 0
      ? badParameter('The parameter subscribed_fields is required.')
      : graph.subscribe(fields.map((field) => field.trim()));
  };
  return { call: 'subscribe', target, work };
}

function hideOperation(id: string, hide: string | undefined, graph: Graph): Operation {
  if (hide === 'true' || hide === 'false') {
    const hidden = hide === 'true';
    return { call: hidden ? 'hide' : 'unhide', target: id, work: () => graph.hide(id, hidden) };
  }
  const message = hide === undefined ? 'The parameter hide is required' : 'Param hide must be a boolean';
  return { call: 'hide', target: id, work: () => badParameter(message) };
}

function readRequest(request: FastifyRequest): GraphRequest {
  const url = new URL(request.url, `http://${request.headers.host ?? 'sandbox'}`);
  const [, , first = '', ...rest] = url.pathname.split('/');
  const [version, path] = first === 'refresh_access_token' ? ['v0.0', [first]] : [first, rest];
  const all = { ...flatParameters(nestedAsJson(request.body)), ...Object.fromEntries(url.searchParams) };
  // The ledger and the paging links never show the token.
  const { access_token: inParameters, ...parameters } = all;
  const inHeader = /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  url.searchParams.delete('access_token');
  return {
    version,
    path: path.filter((part) => part !== ''),
    method: request.method,
    parameters,
    token: inHeader ?? inParameters,
    url: url.toString(),
  };
}

function lagOf(effect: Effect | undefined): Lag | undefined {
  return effect?.kind === 'lag' ? effect : undefined;
}

/** The Graph API takes a structure in a JSON body or as JSON in a form field alike. */
function nestedAsJson(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : value]),
  );
}
