import type { GraphComment } from '../../apps/sandbox/src/world.js';

/** A comment under the honey cake as Meta would tell about it; nobody has written it at the sandbox. */
export function rawComment(id: string, text: string, username = 'anna'): GraphComment {
  return {
    id,
    mediaId: '17900000000000101',
    parentId: undefined,
    authorId: '10000000000000077',
    username,
    text,
    at: new Date().toISOString(),
    live: false,
    hidden: false,
  };
}
