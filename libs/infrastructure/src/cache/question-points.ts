import { setTimeout as wait } from 'node:timers/promises';
import type { Embedder, EmbeddingModel, EmbeddingModels } from '#domain/knowledge/embedder.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId } from '#domain/shared/ids.js';
import { Remembered } from './remembered.js';

/** A question as a point, in PostgreSQL's notation of vectors, and the model whose passages it is compared with. */
export interface QuestionPoint {
  readonly kind: 'point';
  readonly point: string;
  readonly model: EmbeddingModel;
}

/** `off`: words only was chosen · `no-vectors`: of no passage yet · `over-budget` · `away`: the embedder fails or is slow. */
export const pointlessReasons = ['off', 'no-vectors', 'over-budget', 'away'] as const;
export type Pointless = { readonly kind: (typeof pointlessReasons)[number] };

interface Asked {
  readonly accountId: AccountId;
  readonly question: string;
  readonly model: EmbeddingModel;
}

/** The same is asked again under the same post, and when a step is repeated. A point takes some 10 kB. */
const rememberedMs = 600_000;
const most = 500;
/** An answer by words now is worth more than one by meaning after a vendor's time limit. */
const patienceMs = 5_000;
/** Only its direction counts, and whole numbers are short; no component of halfvec may be longer than 65,504. */
const scale = 60_000;

/** Questions as points: each is embedded once, paid for by its account. Failing to is no error: words are left. */
export class QuestionPoints {
  readonly #points = new Remembered<string, { readonly point: string }>({
    ask: async (key) => await this.#embed(askedIn(key)),
    forMs: rememberedMs,
    most,
  });

  /** @param patience shorter in tests, in milliseconds */
  constructor(
    private readonly embedder: Embedder,
    private readonly models: EmbeddingModels,
    private readonly patience = patienceMs,
  ) {}

  /** Words only was chosen. */
  get isOff(): boolean {
    return this.embedder.model === undefined;
  }

  /** The model that questions are compared with; undefined when there is none, or none is wanted. */
  async model(): Promise<EmbeddingModel | undefined> {
    return this.embedder.model && (await this.models.active());
  }

  async of(accountId: AccountId, question: string, model: EmbeddingModel): Promise<QuestionPoint | Pointless> {
    const late = new AbortController();
    try {
      const answer = await Promise.race([
        this.#points.get(keyOf({ accountId, question, model })).then((found) => found ?? ('over-budget' as const)),
        wait(this.patience, 'away' as const, { signal: late.signal, ref: false }),
      ]);
      return typeof answer === 'string' ? { kind: answer } : { kind: 'point', point: answer.point, model };
    } catch (error) {
      if (error instanceof AppError) return { kind: 'away' };
      throw error;
    } finally {
      late.abort();
    }
  }

  async #embed({ accountId, question, model }: Asked): Promise<{ readonly point: string } | undefined> {
    const vectors = await this.embedder.embed(accountId, [question], model);
    const [vector] = vectors ?? [];
    return vector && { point: `[${vector.map((part) => Math.round(part * scale)).join(',')}]` };
  }
}

/** Each account's apart: who asks first pays, and nobody for another. */
function keyOf({ accountId, question, model }: Asked): string {
  return JSON.stringify([accountId, model.name, model.dimensions, question.trim().replaceAll(/\s+/gu, ' ')]);
}

function askedIn(key: string): Asked {
  const [accountId, name, dimensions, question] = JSON.parse(key) as [string, string, number, string]; // made by keyOf
  return { accountId: AccountId.parse(accountId), question, model: { name, dimensions } };
}
