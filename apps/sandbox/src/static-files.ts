import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { problem } from './problems.js';

/** Only what a browser needs; the page's sources stand in the same folder. */
const served = /\.(?:css|svg|png|ico|js|mjs|map|webmanifest)$/;

/** The page at `/`, its parts under /page/, and Preact as it is installed under /_vendor/preact/. */
export async function registerStaticFiles(app: FastifyInstance): Promise<void> {
  const root = projectRoot(dirname(fileURLToPath(import.meta.url)));
  const sources = join(root, 'apps/sandbox/page');
  const folders = [sources, join(root, 'dist/apps/sandbox/page')].filter((folder) => existsSync(folder));
  const preact = join(root, 'node_modules/preact');

  // Always asked for anew, so that a rebuilt page is seen at the next reload.
  const options = {
    decorateReply: false,
    cacheControl: true,
    maxAge: 0,
    allowedPath: (path: string) => served.test(path),
  };
  if (folders.length > 0) await app.register(fastifyStatic, { ...options, root: folders, prefix: '/page/' });
  if (existsSync(preact)) await app.register(fastifyStatic, { ...options, root: preact, prefix: '/_vendor/preact/' });

  app.get('/', async (_request, reply) => {
    const index = join(sources, 'index.html');
    if (!existsSync(index)) return problem(reply, 404, 'Not found', 'The page is not part of this installation.');
    const html = await readFile(index, 'utf8');
    return reply.type('text/html; charset=utf-8').header('content-security-policy', policyFor(html)).send(html);
  });
}

/** Everything from here, nothing from elsewhere; of inline scripts only those that stand in the page itself. */
function policyFor(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script]) =>
      `'sha256-${createHash('sha256')
        .update(script ?? '')
        .digest('base64')}'`,
  );
  return `default-src 'self'; script-src ${["'self'", ...inline].join(' ')}; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'`;
}

/** The same from the sources and from dist. */
function projectRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json'))) {
    if (dirname(folder) === folder) return from;
    folder = dirname(folder);
  }
  return folder;
}
