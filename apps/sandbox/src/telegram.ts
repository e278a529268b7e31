import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { flatParameters } from './parameters.js';
import { parseTelegramHtml } from './telegram-html.js';
import type { VendorAnswer, VendorDesk } from './vendor-desk.js';
import type { World } from './world.js';

export interface TelegramParts {
  readonly world: World;
  readonly desk: VendorDesk;
  readonly token: string | undefined;
  /** Undefined: every chat exists. */
  readonly chatId: string | undefined;
  readonly threadIds: readonly string[];
}

type Parameters = Readonly<Record<string, string>>;

/** UTF-16 units, counted after the entities are parsed. */
const longestMessage = 4096;
const callNames: Readonly<Record<string, string>> = {
  getme: 'get-me',
  sendmessage: 'send-message',
  editmessagetext: 'edit-message',
};

/** The Telegram Bot API, under /telegram/bot<token>/. */
export function registerTelegram(app: FastifyInstance, parts: TelegramParts): void {
  const handler = async (
    request: FastifyRequest<{ Params: { token: string; method: string } }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const url = new URL(request.url, 'http://sandbox');
    const parameters = { ...Object.fromEntries(url.searchParams), ...flatParameters(request.body) };
    // Method names are case-insensitive at Telegram.
    const method = request.params.method.toLowerCase();
    return parts.desk.serve(
      reply,
      {
        vendor: 'telegram',
        call: callNames[method] ?? 'unknown',
        target: parameters['chat_id'] ?? '',
        text: parameters['text'] ?? '',
        request: request.body ?? parameters,
      },
      () => {
        if (parts.token === undefined || request.params.token !== parts.token) return failure(401, 'Unauthorized');
        return perform(method, parameters, parts);
      },
      (status) => telegramFailure(status),
    );
  };
  app.route({ method: ['GET', 'POST'], url: '/telegram/bot:token/:method', handler });
}

function perform(method: string, parameters: Parameters, parts: TelegramParts): VendorAnswer {
  switch (method) {
    case 'getme':
      return done({ id: 7_000_000_021, is_bot: true, first_name: 'Warm Bread', username: 'warm_bread_bot' });
    case 'sendmessage':
      return sendMessage(parameters, parts);
    case 'editmessagetext':
      return editMessage(parameters, parts);
    default:
      return failure(404, 'Not Found');
  }
}

function sendMessage(parameters: Parameters, { world, chatId, threadIds }: TelegramParts): VendorAnswer {
  const chat = parameters['chat_id'] ?? '';
  if (chat === '') return failure(400, 'Bad Request: chat_id is empty');
  if (chatId !== undefined && chat !== chatId) return failure(400, 'Bad Request: chat not found');
  const thread = parameters['message_thread_id'];
  if (thread !== undefined && !threadIds.includes(thread)) return failure(400, 'Bad Request: message thread not found');
  const read = readText(parameters);
  if (read.kind === 'refused') return read.answer;

  const message = {
    messageId: world.nextMessageId(),
    chatId: chat,
    threadId: thread === undefined ? undefined : Number(thread),
    text: parameters['text'] ?? '',
    html: read.html,
    at: new Date().toISOString(),
  };
  world.apply({ type: 'telegram', message });
  return done(messageBody(message, read.visible));
}

function editMessage(parameters: Parameters, { world }: TelegramParts): VendorAnswer {
  const known = world.messages.find(
    ({ messageId, chatId }) => String(messageId) === parameters['message_id'] && chatId === parameters['chat_id'],
  );
  if (!known) return failure(400, 'Bad Request: message to edit not found');
  const read = readText(parameters);
  if (read.kind === 'refused') return read.answer;
  const text = parameters['text'] ?? '';
  if (text === known.text) {
    return failure(
      400,
      'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  }
  world.apply({ type: 'telegram-edit', messageId: known.messageId, text, html: read.html });
  return done({ ...messageBody(known, read.visible), edit_date: seconds(new Date().toISOString()) });
}

type ReadText =
  | { readonly kind: 'text'; readonly visible: string; readonly html: boolean }
  | { readonly kind: 'refused'; readonly answer: VendorAnswer };

function readText(parameters: Parameters): ReadText {
  const mode = (parameters['parse_mode'] ?? '').toLowerCase();
  if (mode !== '' && mode !== 'html') return refused(`Bad Request: the sandbox reads HTML only, not ${mode}`);
  const text = parameters['text'] ?? '';
  const parsed = mode === 'html' ? parseTelegramHtml(text) : ({ kind: 'text', text } as const);
  if (parsed.kind === 'refused') return refused(parsed.description);
  const visible = parsed.text.trim();
  if (visible === '') return refused('Bad Request: message text is empty');
  // Refused, not cut.
  if (visible.length > longestMessage) return refused('Bad Request: message is too long');
  return { kind: 'text', visible, html: mode === 'html' };
}

function messageBody(
  message: { messageId: number; chatId: string; threadId: number | undefined; at: string },
  text: string,
): object {
  return {
    message_id: message.messageId,
    ...(message.threadId !== undefined && { message_thread_id: message.threadId, is_topic_message: true }),
    from: { id: 7_000_000_021, is_bot: true, first_name: 'Warm Bread', username: 'warm_bread_bot' },
    chat: { id: Number(message.chatId), title: 'Warm Bread team', type: 'supergroup' },
    date: seconds(message.at),
    text,
  };
}

function refused(description: string): ReadText {
  return { kind: 'refused', answer: failure(400, description) };
}

function done(result: unknown): VendorAnswer {
  return { status: 200, body: { ok: true, result } };
}

function failure(status: number, description: string): VendorAnswer {
  return { status, body: { ok: false, error_code: status, description } };
}

function telegramFailure(status: number): unknown {
  const retry = status === 429 ? { parameters: { retry_after: 3 } } : {};
  const description = status === 429 ? 'Too Many Requests: retry after 3' : 'Internal Server Error';
  return { ok: false, error_code: status, description, ...retry };
}

function seconds(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}
