import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { bakeryAccount } from './bakery/account.js';
import { badParameter, graphFailure, noToken, unknownPath, wrongToken } from './graph-errors.js';
import type { Effect } from './faults.js';
import type { Graph, GraphParameters } from './graph.js';
import { flatParameters } from './parameters.js';
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
  readonly work: (effect?: Effect) => VendorAnswer;
}

/** The Instagram Graph API with Instagram login, under /instagram/:version/. */
export function registerInstagram(
  app: FastifyInstance,
  parts: {
    readonly graph: Graph;
    readonly world: World;
    readonly desk: VendorDesk;
    readonly token: string | undefined;
  },
): void {
  const { graph, world, desk, token } = parts;

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const asked = readRequest(request);
    const operation = operationFor(asked, graph, world);
    void reply.headers(usageHeaders());
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
        // An unset token of ours lets nobody in.
        if (token === undefined || asked.token !== token) return wrongToken();
        return operation.work(effect);
      },
      graphFailure,
    );
  };

  app.route({ method: ['GET', 'POST', 'DELETE'], url: '/instagram/:version/*', handler: handle });
}

function operationFor(asked: GraphRequest, graph: Graph, world: World): Operation {
  const { path, method, parameters } = asked;
  const [node = '', edge] = path;
  const unknown: Operation = { call: 'unknown', target: node, work: () => unknownPath(`/${path.join('/')}`) };
  if (path.length > 2) return unknown;
  if (node === 'me') return accountOperation(asked, graph) ?? unknown;

  const isMedia = world.hasMedia(node);
  switch (`${method} ${edge ?? ''}`.trim()) {
    case 'GET':
      return isMedia
        ? { call: 'read-media', target: node, work: () => graph.readMedia(node, parameters) }
        : { call: 'read-comment', target: node, work: () => graph.readComment(node, parameters) };
    case 'GET replies':
      return {
        call: 'list-replies',
        target: node,
        work: (effect) => graph.listReplies(node, parameters, asked.url, effect),
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

function accountOperation({ path, method, parameters }: GraphRequest, graph: Graph): Operation | undefined {
  const target = bakeryAccount.id;
  if (path.length === 1) return method === 'GET' ? { call: 'me', target, work: () => graph.me(parameters) } : undefined;
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
  const [, , version = '', ...path] = url.pathname.split('/');
  const all = { ...flatParameters(request.body), ...Object.fromEntries(url.searchParams) };
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

/** Far below every limit; a fault's own headers can say otherwise. */
function usageHeaders(): Record<string, string> {
  const usage = { call_count: 1, total_cputime: 1, total_time: 1 };
  const business = { type: 'instagram', ...usage, estimated_time_to_regain_access: 0 };
  return {
    'x-app-usage': JSON.stringify(usage),
    'x-business-use-case-usage': JSON.stringify({ [bakeryAccount.id]: [business] }),
  };
}
