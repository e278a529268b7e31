import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { problemAnswers } from '../http/problem.dto.js';
import { DeliverySummary, exampleDelivery } from './webhook.dto.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;

/** The route stands beside Nest, which therefore cannot describe it. */
const delivery: Operation = {
  operationId: 'webhookDelivery',
  summary: 'Delivery',
  description:
    'A batch of events, up to 1,000. 200 means that everything in it is durable; an item that cannot be read is kept ' +
    'aside and harms no other. The form below cannot sign: to write a comment as a customer, use the sandbox.',
  tags: ['Webhook'],
  parameters: [
    {
      name: 'X-Hub-Signature-256',
      in: 'header',
      required: true,
      description: '`sha256=` and the HMAC-SHA256 of the body\u2019s bytes with APP_SECRET, in hex.',
      schema: { type: 'string', pattern: '^sha256=[0-9a-f]{64}$' },
    },
  ],
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: { type: 'object', additionalProperties: true },
        examples: { comment: { value: exampleDelivery } },
      },
    },
  },
  responses: {
    200: {
      description: 'Stored.',
      content: { 'application/json': { schema: { $ref: getSchemaPath(DeliverySummary) } } },
    },
    ...problemAnswers({
      401: { when: 'Not signed with the app secret. Nothing is stored.', detail: 'The signature is missing or wrong.' },
      413: { when: 'Larger than 5 MB.' },
      503: { when: 'It could not be stored. Meta sends it again, for up to 36 hours.' },
    }),
  },
};

/** Adds the route to the address where the handshake is described already. */
export function describeDeliveries({ paths, ...document }: OpenAPIObject): OpenAPIObject {
  const described = Object.entries(paths).map(([path, item]) => [
    path,
    path.endsWith('/webhook') ? { ...item, post: delivery } : item,
  ]);
  return { ...document, paths: Object.fromEntries(described) as OpenAPIObject['paths'] }; // the same paths as before
}
