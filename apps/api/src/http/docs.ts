import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { describeDeliveries } from '../webhooks/delivery-docs.js';

const description = `Instagram comments: received, understood, answered from the brand\u2019s own knowledge, explained.

- **Who may ask:** the routes with a lock want \`ADMIN_TOKEN\` as a bearer token: press *Authorize* and paste it. While it
  is not set they answer nobody; only where Instagram is played on the api\u2019s own machine, they answer that machine.
- **Failures** are \`application/problem+json\` (RFC 9457). Their \`requestId\` leads to the line in the log.
- **Ids** are Instagram\u2019s own, and always text: they have more digits than a number can hold.`;

/** Only this page\u2019s own files; the styles are set by Swagger UI\u2019s script. Nobody may show the forms in a frame of theirs. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

// The bar on top names the tool and does nothing else that is needed here.
const style = '.swagger-ui .topbar { display: none } .swagger-ui .info { margin: 24px 0 8px }';

/** Swagger UI at /docs (and from /), the document at /openapi.json. */
export function serveDocs(app: NestFastifyApplication, server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, _payload, done) => {
    reply.header('x-content-type-options', 'nosniff');
    if (/^\/docs\b/u.test(request.url)) reply.header('content-security-policy', pagePolicy);
    done();
  });
  server.get('/', async (_request, reply) => await reply.redirect('/docs'));
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'InstaChatico API',
    customCss: style,
    swaggerOptions: {
      tryItOutEnabled: true,
      displayRequestDuration: true,
      // The schemas stand with the routes that use them.
      defaultModelsExpandDepth: -1,
      defaultModelExpandDepth: 4,
    },
  });
}

export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('InstaChatico')
    .setDescription(description)
    .setVersion('1')
    .setLicense('MIT', '')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The ADMIN_TOKEN of the settings.' })
    .addTag('Comments', 'What came in, what was done about it, and why.')
    .addTag('Replies', 'What waits for a person, and what people decide about replies.')
    .addTag('Understanding', 'What the model is shown of a post, and what is decided without a model.')
    .addTag('Policies', 'What an account wants done, the rules before it, and what is left to people.')
    .addTag('Prompts', 'Versions of the instructions to the model, and which one is in use.')
    .addTag('Moderation', 'Whether what the machine hid was hidden rightly.')
    .addTag('Spending', 'What models cost, and what they may cost.')
    .addTag('Evaluation', 'What another policy, prompt or model would have done about past comments.')
    .addTag('Answers', 'How an account wants to sound, and where it is silent.')
    .addTag('Knowledge', 'What answers may be drawn from.')
    .addTag('Catalogue', 'Products: the only source of prices as soon as there is one.')
    .addTag(
      'Operations',
      'The switches, work that waits for a person, incidents, and how completely comments reach us.',
    )
    .addTag('Webhook', 'What Meta calls.')
    .addTag('Health', 'For those who watch over the process.');
  return describeDeliveries(SwaggerModule.createDocument(app, builder.build()));
}
