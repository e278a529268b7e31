import { crc32, deflateSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { bakeryPictures } from './bakery/pictures.js';
import { problem } from './problems.js';

/** Where a picture says which one it is: whoever is shown its bytes can tell. */
const keyword = 'Title';
const side = 8;

/** The CDN under /cdn/: each picture of the bakery as a small PNG. */
export function registerPictures(app: FastifyInstance): void {
  app.get<{ Params: { file: string } }>('/cdn/:file', async (request, reply) => {
    const name = /^([a-z-]+)\.png$/.exec(request.params.file)?.[1];
    if (name === undefined || !(name in bakeryPictures)) {
      return problem(reply, 404, 'Not found', 'There is no such picture.');
    }
    return reply.type('image/png').send(pngOf(name));
  });
}

/** The name that a picture of ours carries, from `data:image/png;base64,…`; undefined for any other. */
export function pictureIn(dataUrl: string): string | undefined {
  const base64 = /^data:image\/png;base64,(.+)$/.exec(dataUrl)?.[1];
  if (base64 === undefined) return undefined;
  return new RegExp(String.raw`tEXt${keyword}\0([a-z-]+)\.png`).exec(
    Buffer.from(base64, 'base64').toString('latin1'),
  )?.[1];
}

/** One plain colour, another one for each name. */
function pngOf(name: string): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8); // eight bits, RGB
  const colour = crc32(name);
  const pixel = [colour & 0xff, (colour >> 8) & 0xff, (colour >> 16) & 0xff];
  const row = Buffer.from([0, ...Array.from({ length: side }, () => pixel).flat()]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`${keyword}\0${name}.png`, 'latin1')),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
