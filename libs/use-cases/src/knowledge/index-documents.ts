import { cutBlocks, mostPassages } from '#domain/knowledge/cutting.js';
import { DocumentReader, type FileRefusal } from '#domain/knowledge/document-reader.js';
import type { NewPassage } from '#domain/knowledge/document.js';
import { Embedder, embeddingBatches, embeddingRules } from '#domain/knowledge/embedder.js';
import {
  embeddedText,
  Indexing,
  indexingRules,
  type Embeddable,
  type HeldDocument,
} from '#domain/knowledge/indexing.js';
import { Clock } from '#domain/shared/clock.js';
import { AppError, kindOf, messageOf } from '#domain/shared/errors.js';
import type { AccountId, PassageId } from '#domain/shared/ids.js';
import { nextDelayMs, type Duration } from '#domain/work/backoff.js';

/** Accounts that are remembered as served, so that one with a thousand files does not keep the others waiting. */
const mostServed = 100;

type Cut =
  | { readonly kind: 'cut'; readonly passages: readonly NewPassage[] }
  | { readonly kind: 'refused'; readonly reason: FileRefusal; readonly detail: string };

/** `waits`: it was given back with a time, or is no longer ours. */
type Vectors = 'complete' | 'without' | 'slice-over' | 'waits';

/**
 * Makes what was uploaded findable: reads the file, cuts it, has the passages embedded, and puts them in the place of the
 * version before. Trouble with the model never keeps knowledge back: without vectors it is found by its words, and
 * `FillVectors` makes them when it can.
 */
export class IndexDocuments {
  private served: readonly AccountId[] = [];

  constructor(
    private readonly indexing: Indexing,
    private readonly reader: DocumentReader,
    private readonly embedder: Embedder,
    private readonly clock: Clock,
  ) {}

  /** Works for some seconds on one document. @returns false when there is nothing to do */
  async execute(): Promise<boolean> {
    const held = await this.indexing.claim(this.served);
    if (!held) return false;
    this.served = [...this.served.filter((id) => id !== held.accountId), held.accountId].slice(-mostServed);
    try {
      await this.work(held);
    } catch (error) {
      await this.failed(held, error);
    }
    return true;
  }

  private async work(held: HeldDocument): Promise<void> {
    if (held.total === undefined) {
      const cut = await this.indexing.holding(held, async () => await this.read(held));
      if (cut.kind === 'refused') {
        await this.indexing.fail(held, cut.reason, cut.detail);
        return;
      }
      if (!(await this.indexing.keepDrafts(held, cut.passages))) return;
    }
    const vectors = await this.embed(held);
    if (vectors === 'slice-over') await this.indexing.release(held);
    if (vectors === 'complete' || vectors === 'without') await this.indexing.swap(held);
  }

  private async read({ fileKey, type }: HeldDocument): Promise<Cut> {
    const reading = await this.reader.read(fileKey, type);
    if (reading.kind === 'refused') return reading;
    const passages = cutBlocks(reading.blocks);
    if (passages.length === 0) {
      return { kind: 'refused', reason: 'no-text', detail: 'There is no text in this file. Upload one with text.' };
    }
    if (passages.length > mostPassages) {
      const detail = `This is text for ${passages.length} passages; ${mostPassages} are possible. Upload it in parts.`;
      return { kind: 'refused', reason: 'too-large', detail };
    }
    return { kind: 'cut', passages };
  }

  private async embed(held: HeldDocument): Promise<Vectors> {
    const { model } = this.embedder;
    if (!model) return 'without';
    const end = this.clock.elapsedMs() + indexingRules.sliceMs;
    for (let { attempts } = held; ; attempts = 0) {
      const [batch] = embeddingBatches(
        await this.indexing.withoutVector(held, embeddingRules.textsAtOnce),
        embeddedText,
      );
      if (!batch) return 'complete';
      try {
        const vectors = await this.vectorsOf(held, batch);
        if (!vectors) return 'without';
        if (!(await this.indexing.keepVectors(held, model, vectors))) return 'waits';
      } catch (error) {
        return await this.modelFailed({ ...held, attempts }, error);
      }
      if (this.clock.elapsedMs() >= end) return 'slice-over';
    }
  }

  private async vectorsOf(held: HeldDocument, batch: readonly Embeddable[]) {
    const { model } = this.embedder;
    if (!model) return undefined;
    const vectors = await this.indexing.holding(
      held,
      async () => await this.embedder.embed(held.accountId, batch.map(embeddedText), model),
    );
    return vectors && new Map<PassageId, readonly number[]>(batch.map(({ id }, at) => [id, vectors[at] ?? []]));
  }

  /** What another try may mend is tried again, a few times; everything else, and money, is left to `FillVectors`. */
  private async modelFailed(held: HeldDocument, error: unknown): Promise<Vectors> {
    const again = ['unavailable', 'rate-limited'].includes(kindOf(error));
    const waitMs = again ? this.waitAfter(indexingRules.vectorTries, held, error) : undefined;
    if (waitMs === undefined) return 'without';
    await this.indexing.postpone(held, waitMs, messageOf(error));
    return 'waits';
  }

  private async failed(held: HeldDocument, error: unknown): Promise<void> {
    const waitMs = kindOf(error) === 'not-found' ? undefined : this.waitAfter(indexingRules.tries, held, error);
    if (waitMs !== undefined) {
      await this.indexing.postpone(held, waitMs, messageOf(error));
      return;
    }
    // A bug's words say nothing to the person who reads this.
    const why = kindOf(error) === 'bug' ? 'an error that nobody expected' : messageOf(error);
    const detail = `It could not be processed: ${why}. Process it again, or upload the file again.`;
    await this.indexing.fail(held, 'gave-up', detail);
  }

  /** @returns undefined when all tries are used up */
  private waitAfter(tries: readonly Duration[], { attempts }: HeldDocument, error: unknown): number | undefined {
    const waitMs = nextDelayMs(tries, attempts + 1, () => this.clock.random());
    const told = error instanceof AppError ? error.retryAfterMs : undefined;
    return waitMs === undefined ? undefined : Math.max(waitMs, told ?? 0);
  }
}
