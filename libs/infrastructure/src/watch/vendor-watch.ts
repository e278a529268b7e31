import { backlogFigures, type Backlog, type Incidents } from '#domain/notifications/incidents.js';
import type { Clock } from '#domain/shared/clock.js';
import { modelVendor, onVendorEvent, vendorOf, type VendorEvent } from '../resilience/vendor-events.js';

/** A circuit that is open for longer than its first pause has failed its first probe too: no hiccup. */
const awayAfterMs = 30_000;
/** Nobody may have seen the trouble for so long before it counts as over: what comes and goes is told once. */
const quietMs = 60_000;

/**
 * What calls to vendors say about the vendors. One incident for each vendor that is away, whichever kinds of call
 * notice it, and one for each kind of call that our settings do not open. Every process watches its own calls; the book
 * makes one incident of what they see.
 */
export class VendorWatch {
  /** Circuits that are not closed, since when, and whether they are open at this moment. */
  readonly #broken = new Map<string, { readonly sinceMs: number; open: boolean }>();
  readonly #worked = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  /** Refusals that the book does not know of yet. */
  readonly #unnoted = new Set<string>();
  readonly #stop: () => void;

  constructor(
    private readonly incidents: Pick<Incidents, 'open' | 'close' | 'allOpen'>,
    private readonly clock: Pick<Clock, 'elapsedMs'>,
    /** What waits to be understood; undefined when that cannot be asked. */
    private readonly backlog: () => Promise<Backlog | undefined>,
  ) {
    this.#stop = onVendorEvent((event) => this.#note(event));
  }

  stop(): void {
    this.#stop();
  }

  async look(): Promise<void> {
    for (const [circuit, { sinceMs, open }] of this.#broken) {
      if (!open || this.clock.elapsedMs() - sinceMs < awayAfterMs) continue;
      const detail = { call: circuit, ...(await this.#backlogOf(circuit)) };
      await this.incidents.open({ kind: 'upstream-away', subject: vendorOf(circuit), detail });
    }
    for (const circuit of this.#unnoted) {
      await this.incidents.open({ kind: 'access-refused', subject: circuit, detail: await this.#backlogOf(circuit) });
      this.#unnoted.delete(circuit);
    }
    for (const { kind, subject } of await this.incidents.allOpen()) {
      if (kind === 'upstream-away' && this.#isBack(subject)) await this.incidents.close(kind, subject, quietMs);
      if (kind === 'access-refused' && this.#opensAgain(subject)) await this.incidents.close(kind, subject, quietMs);
    }
  }

  /** Comments wait for the model, and for no other vendor. */
  async #backlogOf(circuit: string): Promise<Readonly<Record<string, string | number>>> {
    const backlog = vendorOf(circuit) === modelVendor ? await this.backlog() : undefined;
    return backlog ? backlogFigures(backlog) : {};
  }

  #note(event: VendorEvent): void {
    const { circuit } = event;
    const now = this.clock.elapsedMs();
    if (event.kind === 'circuit') {
      const sinceMs = this.#broken.get(circuit)?.sinceMs ?? now;
      if (event.state === 'closed') this.#broken.delete(circuit);
      else this.#broken.set(circuit, { sinceMs, open: event.state === 'open' });
      return;
    }
    if (event.outcome === 'ok') this.#worked.set(circuit, now);
    if (event.outcome !== 'misconfigured') return;
    this.#refused.set(circuit, now);
    this.#unnoted.add(circuit);
  }

  /** Something worked since, and nothing is open. A circuit that only waits for a call to probe with proves nothing. */
  #isBack(vendor: string): boolean {
    const broken = [...this.#broken].filter(([circuit]) => vendorOf(circuit) === vendor);
    if (broken.some(([, { open }]) => open)) return false;
    const since = Math.max(0, ...broken.map(([, { sinceMs }]) => sinceMs));
    return [...this.#worked].some(([circuit, atMs]) => vendorOf(circuit) === vendor && atMs >= since);
  }

  #opensAgain(circuit: string): boolean {
    const worked = this.#worked.get(circuit);
    return worked !== undefined && worked > (this.#refused.get(circuit) ?? 0);
  }
}
