import { Embedder, embeddingBatches, sameModel, type EmbeddingModel } from '#domain/knowledge/embedder.js';
import { embeddedText, type Embeddable } from '#domain/knowledge/indexing.js';
import { vectorRules, Vectors } from '#domain/knowledge/vectors.js';
import { Incidents } from '#domain/notifications/incidents.js';
import { Clock } from '#domain/shared/clock.js';
import { AppError, kindOf, messageOf } from '#domain/shared/errors.js';
import type { AccountId, PassageId } from '#domain/shared/ids.js';

/** More that a model refuses are no exception any more, and are simply asked about again. */
const mostRefused = 10_000;

/** What stands in the way of an account's, or of a passage's, vector, until when. */
class Until<Key> {
  private readonly ends = new Map<Key, number>();

  add(key: Key, end: number): void {
    this.ends.set(key, end);
    const [oldest] = this.ends.keys();
    if (this.ends.size > mostRefused && oldest !== undefined) this.ends.delete(oldest);
  }

  at(now: number): readonly Key[] {
    for (const [key, end] of this.ends) if (end <= now) this.ends.delete(key);
    return [...this.ends.keys()];
  }
}

/**
 * Gives vectors to passages that have none of the wanted model: texts and products, what a model that was away left out,
 * and everything after the model was changed. When all have one, passages are searched with that model. One worker at a
 * time does it for all.
 */
export class FillVectors {
  private announced = false;
  private readonly withoutMoney = new Until<AccountId>();
  private readonly refused = new Until<PassageId>();

  constructor(
    private readonly vectors: Vectors,
    private readonly embedder: Embedder,
    private readonly incidents: Incidents,
    private readonly clock: Clock,
  ) {}

  /** Works for some seconds. @returns after how many milliseconds there may be more to do */
  async execute(): Promise<number> {
    const { model } = this.embedder;
    if (!model) return vectorRules.overtakenMs;
    if (!this.announced) await this.vectors.want(model);
    this.announced = true;
    if (!sameModel(await this.vectors.wanted(), model)) return vectorRules.overtakenMs;

    const end = this.clock.elapsedMs() + vectorRules.sliceMs;
    while (this.clock.elapsedMs() < end) {
      const began = this.clock.elapsedMs();
      const poor = this.withoutMoney.at(began);
      const missing = await this.vectors.missing(model, {
        most: vectorRules.atOnce,
        withoutAccounts: poor,
        withoutPassages: this.refused.at(began),
      });
      if (missing.length === 0) return await this.complete(model, poor.length > 0, this.clock.elapsedMs() - began);
      try {
        await this.fill(model, missing);
      } catch (error) {
        return await this.failed(model, error);
      }
    }
    return 0;
  }

  private async complete(model: EmbeddingModel, someArePoor: boolean, lookMs: number): Promise<number> {
    await this.incidents.close('vectors-missing', model.name);
    if (!someArePoor) await this.vectors.activate(model);
    if (await this.vectors.clear()) return 0;
    return Math.max(vectorRules.everyMs, lookMs * vectorRules.shareOfTime);
  }

  private async fill(model: EmbeddingModel, missing: readonly Embeddable[]): Promise<void> {
    const accounts = [...new Set(missing.map(({ accountId }) => accountId))];
    const batches = accounts.flatMap((account) => {
      const its = missing.filter(({ accountId }) => accountId === account);
      return embeddingBatches<Embeddable>(its, embeddedText);
    });
    for (let from = 0; from < batches.length; from += vectorRules.calls) {
      const results = await Promise.allSettled(
        batches.slice(from, from + vectorRules.calls).map(async (batch) => await this.embed(model, batch)),
      );
      // What the others got is kept by then.
      const failure = results.find((result) => result.status === 'rejected');
      if (failure) throw failure.reason;
    }
  }

  private async embed(model: EmbeddingModel, batch: readonly Embeddable[]): Promise<void> {
    const [first] = batch;
    if (!first) return;
    try {
      const vectors = await this.embedder.embed(first.accountId, batch.map(embeddedText), model);
      if (vectors) await this.vectors.keep(model, new Map(batch.map(({ id }, at) => [id, vectors[at] ?? []])));
      else this.withoutMoney.add(first.accountId, this.clock.elapsedMs() + vectorRules.withoutMoneyMs);
    } catch (error) {
      if (kindOf(error) !== 'rejected') throw error;
      // One of them is refused: the others need not go without.
      if (batch.length === 1) this.refused.add(first.id, this.clock.elapsedMs() + vectorRules.refusedMs);
      else for (const one of batch) await this.embed(model, [one]);
    }
  }

  private async failed(model: EmbeddingModel, error: unknown): Promise<number> {
    const told = error instanceof AppError ? error.retryAfterMs : undefined;
    // Vendors that are away, and used-up money, are told about where they are noticed.
    const ours = ['misconfigured', 'invalid', 'bug'].includes(kindOf(error));
    if (!ours) return Math.max(vectorRules.afterFailureMs, told ?? 0);
    const detail = kindOf(error) === 'bug' ? {} : { why: messageOf(error) };
    await this.incidents.open({ kind: 'vectors-missing', subject: model.name, detail });
    if (kindOf(error) === 'bug') throw error;
    return vectorRules.overtakenMs;
  }
}
