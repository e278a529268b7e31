import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { listen } from './listen.js';

// The least that a receiver of signed deliveries has to do: read, check the signature, parse, answer. Nothing is kept.

const secret = process.env['APP_SECRET'] ?? '';
const answer = Buffer.from('{"status":"ok"}');

await listen(
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
      const given = Buffer.from(String(request.headers['x-hub-signature-256']));
      const valid = given.length === expected.length && timingSafeEqual(given, expected);
      if (valid) JSON.parse(body.toString());
      response.writeHead(valid ? 200 : 401, { 'content-type': 'application/json', 'content-length': answer.length });
      response.end(answer);
    });
  }),
);
