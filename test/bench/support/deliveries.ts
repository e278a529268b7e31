import { randomInt } from 'node:crypto';
import { bakeryMedia } from '../../../apps/sandbox/src/bakery/media.js';
import { metaJson, signatureHeaders, webhookPayload } from '../../../apps/sandbox/src/meta-payload.js';
import type { GraphComment } from '../../../apps/sandbox/src/world.js';

/** Where a run's comments are told from each other's: no two of one scenario may share it. */
export interface Wave {
  /** 4 digits, with which the ids of this wave begin after the usual 17 or 18. */
  readonly wave: number;
  /** Comments per delivery. */
  readonly comments: number;
  /** Undefined: not signed at all. */
  readonly appSecret: string | undefined;
}

// Long enough that the body of one comment is about 700 bytes, as Meta's are with a text of a few sentences.
const words =
  'Good evening! We were in your shop on Sunday and the honey cake was gone by noon. Could you tell me whether I can ' +
  'order one for Friday, how much a whole one costs, and whether you deliver it to the other side of the river? It is ' +
  'for a birthday with about ten people, two of them do not eat nuts, and it would have to be there before five. Thank ' +
  'you very much, and greetings to the lady at the counter';

/** @returns head and body of one delivery, as they go over the wire */
export function deliveryRequest(number: number, { wave, comments, appSecret }: Wave): Buffer {
  const list = Array.from({ length: comments }, (_, index) => commentOf(wave, number * comments + index));
  const body = metaJson(webhookPayload(list, new Date()));
  const signed = appSecret === undefined ? {} : signatureHeaders(body, appSecret);
  const head = Object.entries({
    host: '127.0.0.1',
    'content-type': 'application/json',
    'content-length': String(body.length),
    'user-agent': 'facebookexternalua',
    ...signed,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST /api/v1/webhook HTTP/1.1\r\n${head.join('')}\r\n`, 'latin1'), body]);
}

/** The beginning of the ids of a wave's comments, for LIKE. */
export function idsOfWave(wave: number): string {
  return `18${String(wave).padStart(4, '0')}`;
}

function commentOf(wave: number, number: number): GraphComment {
  return {
    id: `${idsOfWave(wave)}${String(number).padStart(11, '0')}`,
    mediaId: bakeryMedia[number % bakeryMedia.length]?.id ?? '',
    parentId: undefined,
    authorId: String(10_000_000_000_000_000n + BigInt(randomInt(1_000_000_000))),
    username: `guest.${number % 100_000}`,
    text: `${words}, number ${wave}-${number}.`,
    at: '2026-11-01T08:00:00.000Z',
    live: false,
    hidden: false,
  };
}
