import {
  gapAt,
  limitNames,
  pacing,
  windowOf,
  type Allowances,
  type Hold,
  type HoldReason,
  type Taken,
  type Use,
} from '#domain/work/allowances.js';
import type { VirtualClock } from './virtual-clock.js';

interface Slot {
  readonly from: number;
  amount: number;
}

interface Pace {
  readonly gapMs: number;
  readonly until: number;
  nextAt: number;
}

/** The book of what was used, in memory and with virtual time: the same promises as the PostgreSQL adapter. */
export class InMemoryAllowances implements Allowances {
  private readonly slots = new Map<string, Slot[]>();
  private readonly holds = new Map<string, { readonly until: number; readonly why: HoldReason }>();
  private readonly paces = new Map<string, Pace>();

  constructor(private readonly clock: VirtualClock) {}

  async take(uses: readonly Use[]): Promise<Taken> {
    await Promise.resolve();
    const stops = uses.flatMap((use) => this.stopsOf(use)).toSorted((one, other) => other.until - one.until);
    const [longest] = stops;
    if (longest) {
      const ms = longest.until - this.clock.ms;
      return {
        kind: 'wait',
        ms: longest.limit === 'slowed-down' ? Math.max(ms, pacing.comeBackMs) : ms,
        limit: longest.limit,
      };
    }
    for (const use of uses) this.count(use);
    return { kind: 'granted' };
  }

  async giveBack(uses: readonly Use[], takenWithinMs: number): Promise<void> {
    for (const use of uses) {
      const { slotMs } = windowOf(use.limit);
      const since = Math.floor((this.clock.ms - takenWithinMs) / slotMs) * slotMs;
      const amount = Math.min(use.amount, use.most);
      const oldest = (this.slots.get(keyOf(use)) ?? []).find((slot) => slot.from >= since && slot.amount >= amount);
      if (oldest) oldest.amount -= amount;
    }
    await Promise.resolve();
  }

  async hold(of: string, forMs: number, why: HoldReason): Promise<void> {
    const until = this.clock.ms + forMs;
    if ((this.holds.get(of)?.until ?? 0) < until) this.holds.set(of, { until, why });
    await Promise.resolve();
  }

  async held(of: string): Promise<Hold | undefined> {
    const hold = this.holds.get(of);
    return await Promise.resolve(
      hold && hold.until > this.clock.ms ? { ms: hold.until - this.clock.ms, why: hold.why } : undefined,
    );
  }

  async slowDown(of: string, percent: number): Promise<void> {
    const gapMs = gapAt(percent);
    if (gapMs === undefined) this.paces.delete(of);
    else {
      const nextAt = this.paces.get(of)?.nextAt ?? 0;
      this.paces.set(of, { gapMs, until: this.clock.ms + pacing.lastsMs, nextAt });
    }
    await Promise.resolve();
  }

  /** Slots that are kept. */
  size(): number {
    return [...this.slots.values()].flat().length;
  }

  private stopsOf(use: Use): { readonly until: number; readonly limit: Extract<Taken, { kind: 'wait' }>['limit'] }[] {
    const now = this.clock.ms;
    const hold = this.holds.get(use.of);
    const pace = this.paces.get(use.of);
    const freeAt = this.freeAt(use);
    return [
      ...(hold ? [{ until: hold.until, limit: hold.why }] : []),
      ...(pace && pace.until > now ? [{ until: pace.nextAt, limit: 'slowed-down' as const }] : []),
      ...(freeAt === undefined ? [] : [{ until: freeAt, limit: use.limit }]),
    ].filter(({ until }) => until > now);
  }

  /** When there is room for it; undefined when there is. */
  private freeAt(use: Use): number | undefined {
    const { countsMs } = windowOf(use.limit);
    const counting = this.counting(use);
    let over = counting.reduce((sum, { amount }) => sum + amount, 0) + Math.min(use.amount, use.most) - use.most;
    for (const { from, amount } of counting) {
      if (over <= 0) return undefined;
      over -= amount;
      if (over <= 0) return from + countsMs;
    }
    return undefined;
  }

  private counting(use: Use): readonly Slot[] {
    const { slotMs, countsMs } = windowOf(use.limit);
    const since = this.slotOf(slotMs) - (countsMs - slotMs);
    return (this.slots.get(keyOf(use)) ?? []).filter(({ from }) => from >= since);
  }

  private count(use: Use): void {
    const from = this.slotOf(windowOf(use.limit).slotMs);
    const kept = [...this.counting(use)];
    const amount = Math.min(use.amount, use.most);
    const current = kept.at(-1);
    if (current?.from === from) current.amount += amount;
    else kept.push({ from, amount });
    this.slots.set(keyOf(use), kept);
    this.forget();
    const pace = this.paces.get(use.of);
    if (pace) pace.nextAt = this.clock.ms + pace.gapMs;
  }

  /** What counts nowhere any more; a day is the longest window. */
  private forget(): void {
    for (const [key, slots] of this.slots) {
      const limit = limitNames.find((name) => key.startsWith(`${name} `)) ?? 'replies-in-thread';
      const kept = slots.filter(({ from }) => from + windowOf(limit).countsMs > this.clock.ms);
      if (kept.length === 0) this.slots.delete(key);
      else this.slots.set(key, kept);
    }
  }

  private slotOf(slotMs: number): number {
    return Math.floor(this.clock.ms / slotMs) * slotMs;
  }
}

function keyOf({ limit, of }: Use): string {
  return `${limit} ${of}`;
}
