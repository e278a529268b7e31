import type { Delivery, ModelCall, SandboxComment, TelegramMessage } from './wire.js';
import type { WorldChange } from './world.js';

export type Connection = 'connecting' | 'live' | 'lost';

export interface Listener {
  change(change: WorldChange): void;
  /** The state has to be read again. */
  stale(): void;
  connection(connection: Connection): void;
}

/** A browser gives up for good after an HTTP error; we do not. */
const reopenAfterMs = 2_000;

/** Listens until the returned function is called. */
export function listen(listener: Listener): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const open = (): void => {
    source = new EventSource('/_sandbox/events');
    source.addEventListener('open', () => listener.connection('live'));
    source.addEventListener('error', () => {
      listener.connection('lost');
      if (source.readyState !== EventSource.CLOSED) return;
      clearTimeout(timer);
      timer = setTimeout(open, reopenAfterMs);
    });
    // The first thing after every connection, so nothing that happened during a break is missed.
    source.addEventListener('reset', () => listener.stale());
    for (const [name, toChange] of Object.entries(changes)) {
      source.addEventListener(name, (event) => listener.change(toChange(JSON.parse(event.data))));
    }
  };

  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

interface Written {
  readonly comment: SandboxComment;
  readonly postId: string;
}
interface About {
  readonly id: string;
}

const commentWritten = ({ comment, postId }: Written): WorldChange => ({ type: 'comment', comment, postId });

const changes = {
  comment: commentWritten,
  reply: commentWritten,
  hide: ({ id }: About): WorldChange => ({ type: 'hidden', id, hidden: true }),
  unhide: ({ id }: About): WorldChange => ({ type: 'hidden', id, hidden: false }),
  delete: ({ id }: About): WorldChange => ({ type: 'deleted', id }),
  telegram: (message: TelegramMessage): WorldChange => ({ type: 'telegram', message }),
  delivery: (delivery: Delivery): WorldChange => ({ type: 'delivery', delivery }),
  model: (call: ModelCall & { readonly phase: string }): WorldChange =>
    call.phase === 'begin' ? { type: 'model-begins', call } : { type: 'model-ends', callId: call.callId },
};
