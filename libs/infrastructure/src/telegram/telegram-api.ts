import { z } from 'zod';
import type { AppError } from '#domain/shared/errors.js';
import { Guard, type CircuitState } from '../resilience/guarded.js';
import { VendorHttp, type VendorAnswer } from '../resilience/http.js';
import { cutText } from '#domain/shared/text.js';
import type { VendorConnection } from '../resilience/vendor-connection.js';
import { vendorError, type VendorFailure } from '../resilience/vendor-failures.js';

export interface TelegramSettings {
  readonly baseUrl: string;
  readonly token: string;
  readonly chatId: string;
  /** The topic for alerts, in a chat that has topics. */
  readonly alertsThreadId: number | undefined;
  /** The topic for messages about the system itself; without one they go where alerts go. */
  readonly logsThreadId: number | undefined;
}

export interface OutgoingMessage {
  readonly chatId: string;
  readonly threadId: number | undefined;
  readonly text: string;
  /** HTML with every & < > of the contents escaped; plain text otherwise. */
  readonly html: boolean;
}

export type SendOutcome =
  | { readonly kind: 'sent'; readonly messageId: string }
  /** The group became a supergroup and has this id now. */
  | { readonly kind: 'moved'; readonly chatId: string }
  | { readonly kind: 'thread-missing' }
  | { readonly kind: 'markup-broken' };

// Telegram answers within a second; its own queueing under load takes a few. Below half of the lease (30 s).
const deadlineMs = 10_000;

const answerBody = z.object({
  ok: z.boolean(),
  result: z.object({ message_id: z.number() }).nullish(),
  error_code: z.number().nullish(),
  description: z.string().nullish(),
  parameters: z
    .object({
      retry_after: z.number().nullish(),
      // A supergroup's id has up to 52 bits: still exact as a number (core.telegram.org/bots/api#responseparameters).
      migrate_to_chat_id: z.union([z.int(), z.string()]).nullish(),
    })
    .nullish(),
});
type AnswerBody = z.output<typeof answerBody>;

/** The only place that talks to the Bot API. The token is part of every address, so addresses are never shown. */
export class TelegramApi implements VendorConnection {
  readonly #http = new VendorHttp('Telegram');
  readonly #guard = new Guard({ name: 'telegram send', timeoutMs: deadlineMs });

  constructor(private readonly settings: Pick<TelegramSettings, 'baseUrl' | 'token'>) {}

  /**
   * Sends one message, once.
   * @throws AppError 'ambiguous' when it may have been sent; 'rate-limited' | 'misconfigured' | 'rejected' | 'unavailable'
   *   when it surely was not
   */
  async send(message: OutgoingMessage): Promise<SendOutcome> {
    return await this.#guard.run(async (signal) => {
      const answer = await this.#http.call({
        method: 'POST',
        url: new URL(`${this.settings.baseUrl.replace(/\/+$/, '')}/bot${this.settings.token}/sendMessage`),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(requestBody(message)),
        creates: true,
        signal,
      });
      return this.#outcome(answer);
    });
  }

  circuits(): readonly CircuitState[] {
    return [this.#guard.state()];
  }

  async close(): Promise<void> {
    this.#guard.shutdown();
    await this.#http.close();
  }

  #outcome(answer: VendorAnswer): SendOutcome {
    const body = readBody(answer.text);
    if (body?.ok && body.result) return { kind: 'sent', messageId: String(body.result.message_id) };
    const movedTo = body?.parameters?.migrate_to_chat_id;
    if (movedTo !== undefined && movedTo !== null) return { kind: 'moved', chatId: String(movedTo) };
    const described = answer.status === 400 ? describedOutcome(body?.description ?? '') : undefined;
    if (described) return described;
    throw this.#failure(answer.status, body);
  }

  #failure(status: number, body: AnswerBody | undefined): AppError {
    const failure = failureOf(status, body);
    const seconds = body?.parameters?.retry_after;
    const description = (body?.description ?? '').replaceAll(this.settings.token, '[token]');
    return vendorError(failure, `Telegram answered ${status}`, {
      creates: true,
      detail: { status, description: cutText(description, 200) },
      ...(failure === 'rate-limited' && seconds && { retryAfterMs: seconds * 1_000 }),
    });
  }
}

function requestBody({ chatId, threadId, text, html }: OutgoingMessage): Readonly<Record<string, unknown>> {
  return {
    chat_id: chatId,
    text,
    // A preview of the post would be larger than the alert.
    link_preview_options: { is_disabled: true },
    ...(html && { parse_mode: 'HTML' }),
    ...(threadId !== undefined && { message_thread_id: threadId }),
  };
}

// The one place where a vendor's text decides: Telegram answers 400 to all of these and offers nothing but
// `description` to tell them apart (core.telegram.org/bots/api#making-requests). Both lead to one more, simpler try.
function describedOutcome(description: string): SendOutcome | undefined {
  if (/message thread not found/i.test(description)) return { kind: 'thread-missing' };
  if (/can't parse entities/i.test(description)) return { kind: 'markup-broken' };
  return undefined;
}

function failureOf(status: number, body: AnswerBody | undefined): VendorFailure {
  if (status === 429) return 'rate-limited';
  // Token, rights, or the address of both: a setting to put right, or the bot to invite again. Until then alerts wait;
  // parked ones would never be told, and of all messages these must be.
  if (status === 401 || status === 403 || status === 404) return 'misconfigured';
  // A gateway's page, or a success that is none: nobody knows whether the message went out.
  if (status >= 500) return 'unavailable';
  if (!body || body.ok) return 'bad-body';
  // Same 400, same reason for reading the text: a chat that does not exist is a setting to correct, not a bad message.
  return /chat not found/i.test(body.description ?? '') ? 'misconfigured' : 'rejected';
}

function readBody(text: string): AnswerBody | undefined {
  try {
    return answerBody.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // no JSON: judged by the status alone
  }
}
