import type { MessageEvent } from '@nestjs/common';
import { Observable, type Subscriber } from 'rxjs';
import { AppError } from '#domain/shared/errors.js';

/** Each looks at the database once a second. */
const most = 100;
const lookEveryMs = 1_000;
/** Proxies end what is silent for a minute. */
const heartbeatMs = 15_000;
/** Then the client asks again, with a token that may have changed. */
const longestMs = 3_600_000;

export interface Watched<View extends object> {
  /** How it stands; undefined when it is gone. */
  readonly read: () => Promise<View | undefined>;
  readonly hasEnded: (view: View) => boolean;
}

/**
 * Long work as server-sent events: `progress` with the same view as the route that is polled, now and whenever it changed,
 * `heartbeat` while nothing does. A stream ends when the work has ended, when it is gone, after an hour, and when this
 * process stops; asking again is harmless.
 */
export class ProgressStreams {
  private readonly open = new Set<Subscriber<MessageEvent>>();

  constructor(private readonly everyMs = lookEveryMs) {}

  /** @throws AppError 'unavailable' when too many are open */
  watch<View extends object>(watched: Watched<View>): Observable<MessageEvent> {
    if (this.open.size >= most) {
      const retryAfterMs = heartbeatMs;
      throw new AppError('unavailable', `${most} streams are open already: poll instead.`, { retryAfterMs });
    }
    return new Observable<MessageEvent>((subscriber) => {
      this.open.add(subscriber);
      const stop = this.follow(watched, subscriber);
      return () => {
        this.open.delete(subscriber);
        stop();
      };
    });
  }

  /** Before the server closes: it waits for what is open. */
  beforeApplicationShutdown(): void {
    for (const subscriber of this.open) subscriber.complete();
  }

  /** @returns ends it */
  private follow<View extends object>({ read, hasEnded }: Watched<View>, to: Subscriber<MessageEvent>): () => void {
    const end = performance.now() + longestMs;
    let told = '';
    let toldAt = 0;
    let next: NodeJS.Timeout | undefined;
    const tell = (message: MessageEvent): void => {
      toldAt = performance.now();
      to.next(message);
    };
    const look = async (): Promise<void> => {
      // A database that is away for a moment: the next look finds it.
      const view = await read().catch(() => 'unknown' as const);
      if (to.closed) return;
      if (view !== 'unknown') {
        const text = JSON.stringify(view);
        if (view && text !== told) tell({ type: 'progress', data: view });
        told = text;
        if (!view || hasEnded(view)) return to.complete();
      }
      if (performance.now() > end) return to.complete();
      if (performance.now() - toldAt >= heartbeatMs) tell({ type: 'heartbeat', data: {} });
      next = setTimeout(() => void look(), this.everyMs);
    };
    void look();
    return () => clearTimeout(next);
  }
}
