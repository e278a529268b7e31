import type { AccountId } from '../shared/ids.js';
import type { BacktestFigures, BacktestRequest, BacktestState, Comparison } from './backtest.js';

export interface Backtest {
  readonly id: string;
  readonly request: BacktestRequest;
  readonly state: BacktestState;
  /** Why it failed, or waits. */
  readonly reason: string | undefined;
  /** Comments that it will look at, counted at its creation. */
  readonly total: number;
  readonly figures: BacktestFigures;
  /** Millionths of a dollar, at its creation; undefined when nobody knows the price. */
  readonly estimate: number | undefined;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
}

export interface NewBacktest {
  readonly request: BacktestRequest;
  readonly total: number;
  readonly estimate: number | undefined;
}

/** The right to work on one backtest until it runs out (database time); every write carries its epoch. */
export interface HeldBacktest {
  readonly id: string;
  readonly epoch: number;
  readonly request: BacktestRequest;
  readonly figures: BacktestFigures;
  /** Where the last batch ended; undefined at the beginning. */
  readonly cursor: string | undefined;
  /** Failures since the last batch that was kept. */
  readonly attempts: number;
}

export interface Batch {
  readonly figures: BacktestFigures;
  readonly cursor: string | undefined;
  /** In their order. Those without differences are counted and not kept. */
  readonly comparisons: readonly Comparison[];
}

export interface Change extends Comparison {
  /** Its place among the comments of the backtest, from 1. */
  readonly number: number;
}

export interface BacktestsQuery {
  readonly account: AccountId | undefined;
  /** Created before this one; newest first. */
  readonly before: string | undefined;
  readonly limit: number;
}

/**
 * Backtests are their own outbox: a row is due while there is something left to do. What a batch found and how far it
 * came is one commit, so that each comment is counted once, whoever dies in between.
 */
export abstract class Backtests {
  abstract create(backtest: NewBacktest): Promise<Backtest>;
  abstract find(id: string): Promise<Backtest | undefined>;
  abstract list(query: BacktestsQuery): Promise<readonly Backtest[]>;
  /** Those that are queued or running. */
  abstract unfinished(account: AccountId): Promise<number>;
  /** @param after the number of the last one of the page before; 0 at the beginning */
  abstract changes(id: string, after: number, limit: number): Promise<readonly Change[]>;
  /** At once: whoever works on it stops at the end of its batch, which is thrown away. @returns whether it was unfinished */
  abstract cancel(id: string): Promise<boolean>;
  /** With its changes. @returns whether it was there and had ended */
  abstract remove(id: string): Promise<boolean>;
  /** One that is due, the longest waiting first. */
  abstract claim(forMs: number): Promise<HeldBacktest | undefined>;
  /** Keeps a batch, and the lease for as long again. @returns false when it is no longer ours: nothing is kept */
  abstract keep(held: HeldBacktest, batch: Batch, forMs: number): Promise<boolean>;
  /** The others may go on with it. Does nothing when it is no longer ours, as the next two. */
  abstract release(held: HeldBacktest): Promise<void>;
  abstract postpone(held: HeldBacktest, byMs: number, why: string): Promise<void>;
  abstract finish(held: HeldBacktest, state: 'done' | 'failed', why: string | undefined): Promise<void>;
  /** Of those that ended so long ago. @returns how many are gone */
  abstract forget(keptDays: number): Promise<number>;
}
