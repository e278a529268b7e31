import { z } from 'zod';
import { VendorHttp } from '../resilience/http.js';

/** What the server says about a model. */
export type ModelStanding =
  | { readonly kind: 'there'; readonly shutdownAt: Date | undefined }
  /** It does not exist, or not for our key. */
  | { readonly kind: 'missing' }
  /** The server does not say: many compatible ones have no such route. */
  | { readonly kind: 'unknown' };

const withinMs = 10_000;

const described = z.object({
  // A day, or seconds since 1970: read in November 2026 as a day.
  shutdown_date: z
    .union([z.iso.date(), z.iso.datetime({ offset: true }), z.number()])
    .nullish()
    .catch(null),
});
const refused = z.object({ error: z.object({ code: z.string() }) });

/** `GET /models/{id}` of the model server. */
export class ModelCatalogue {
  constructor(private readonly server: { readonly baseUrl: string; readonly apiKey: string }) {}

  /** @throws AppError 'unavailable' when the server does not answer */
  async standing(model: string): Promise<ModelStanding> {
    const http = new VendorHttp('the model server', { sockets: 1 });
    try {
      const { status, text } = await http.call({
        method: 'GET',
        url: new URL(`${this.server.baseUrl}/models/${encodeURIComponent(model)}`),
        headers: { authorization: `Bearer ${this.server.apiKey}` },
        creates: false,
        signal: AbortSignal.timeout(withinMs),
      });
      return standingOf(status, json(text));
    } finally {
      await http.close();
    }
  }
}

function standingOf(status: number, body: unknown): ModelStanding {
  if (status === 200) {
    const answer = described.safeParse(body);
    const date = answer.data?.shutdown_date ?? undefined;
    if (!answer.success) return { kind: 'unknown' };
    if (date === undefined) return { kind: 'there', shutdownAt: undefined };
    return { kind: 'there', shutdownAt: new Date(typeof date === 'number' ? date * 1_000 : date) };
  }
  // A 404 without this code is a server that has no such route.
  const error = refused.safeParse(body);
  const missing = status === 404 && error.data?.error.code === 'model_not_found';
  return { kind: missing ? 'missing' : 'unknown' };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
