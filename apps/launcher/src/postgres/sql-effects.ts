/**
 * What a statement does to the session that all clients share, as far as the front has to act on it. A rough
 * reading is enough: a false alarm costs one cheap query, and every test here looks at how a statement begins.
 */
export interface SqlEffects {
  readonly listen: ReadonlyArray<{ readonly verb: 'listen' | 'unlisten'; readonly channel: string }>;
  readonly changesSettings: boolean;
  /** It names one of the time limits that the front keeps in the database's place. */
  readonly changesTimeouts: boolean;
  readonly takesSessionLocks: boolean;
  readonly copiesIn: boolean;
}

const startOfStatement = String.raw`(?:^|;)\s*`;
const listening = new RegExp(String.raw`${startOfStatement}(listen|unlisten)\s+(?:"((?:[^"]|"")+)"|([\w$]+|\*))`, 'gi');
const setting = new RegExp(String.raw`${startOfStatement}(?:set|reset|discard)\s|\bset_config\s*\(`, 'i');
const timeout = /\b(?:idle_session|idle_in_transaction_session|transaction)_timeout\b/i;
const copyIn = new RegExp(String.raw`${startOfStatement}copy\s[^;]*\bfrom\s+stdin\b`, 'i');
const sessionLock = /\bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(/i;
const comments = /--[^\n]*|\/\*[\s\S]*?\*\//g;

export function readEffects(texts: readonly string[]): SqlEffects {
  const plain = texts.map((text) => text.replaceAll(comments, ' '));
  return {
    listen: plain.flatMap((text) => [...text.matchAll(listening)].map(readListen)),
    changesSettings: plain.some((text) => setting.test(text)),
    changesTimeouts: plain.some((text) => setting.test(text) && timeout.test(text)),
    takesSessionLocks: plain.some((text) => sessionLock.test(text)),
    copiesIn: plain.some((text) => copyIn.test(text)),
  };
}

function readListen(match: RegExpMatchArray): SqlEffects['listen'][number] {
  const [, verb = '', quoted, bare = ''] = match;
  // PostgreSQL folds a name without quotes to lower case.
  const channel = quoted === undefined ? bare.toLowerCase() : quoted.replaceAll('""', '"');
  return { verb: verb.toLowerCase() === 'listen' ? 'listen' : 'unlisten', channel };
}
