import type { AlertContent, AlertDigest } from '#domain/notifications/alert.js';
import type { IncidentNotice, IncidentNotifier } from '#domain/notifications/incident-telling.js';
import type { Notifier } from '#domain/notifications/notifier.js';
import { AppError } from '#domain/shared/errors.js';
import { alertHtml, alertText } from './alert-message.js';
import type { ChatBudget } from './chat-budget.js';
import { digestHtml, digestText } from './digest-message.js';
import { incidentHtml, incidentText } from './incident-message.js';
import type { OutgoingMessage, SendOutcome, TelegramApi, TelegramSettings } from './telegram-api.js';

/** What keeps a message from being sent as it is. */
type Obstacle = Exclude<SendOutcome, { kind: 'sent' }>;

/**
 * Operators' messages. An interrupted message is 'ambiguous': it comes again and says so, because a person who is told
 * twice is better than a person who is not told.
 */
export class TelegramNotifier implements Notifier, IncidentNotifier {
  #chatId: string;

  constructor(
    private readonly api: TelegramApi,
    private readonly settings: Pick<TelegramSettings, 'chatId' | 'alertsThreadId' | 'logsThreadId'>,
    private readonly budget: Pick<ChatBudget, 'write'>,
  ) {
    this.#chatId = settings.chatId;
  }

  async tell(content: AlertContent): Promise<string> {
    return await this.#deliver(this.settings.alertsThreadId, alertHtml(content), () => alertText(content));
  }

  async tellTogether(digest: AlertDigest): Promise<string> {
    return await this.#deliver(this.settings.alertsThreadId, digestHtml(digest), () => digestText(digest));
  }

  async tellIncidents(notices: readonly IncidentNotice[]): Promise<string> {
    const threadId = this.settings.logsThreadId ?? this.settings.alertsThreadId;
    return await this.#deliver(threadId, incidentHtml(notices), () => incidentText(notices));
  }

  async #deliver(threadId: number | undefined, html: string, plain: () => string): Promise<string> {
    let message: OutgoingMessage = { chatId: this.#chatId, threadId, text: html, html: true };
    const corrected = new Set<Obstacle['kind']>();
    for (;;) {
      const next = message;
      const outcome = await this.budget.write(next.chatId, async () => await this.api.send(next));
      if (outcome.kind === 'sent') return outcome.messageId;
      // Each correction is made once; when the same obstacle comes back, it does not help.
      if (corrected.has(outcome.kind)) throw new AppError('rejected', `Telegram refused the message: ${outcome.kind}`);
      corrected.add(outcome.kind);
      message = this.#around(outcome, message, plain);
    }
  }

  #around(obstacle: Obstacle, message: OutgoingMessage, plain: () => string): OutgoingMessage {
    switch (obstacle.kind) {
      case 'moved':
        this.#chatId = obstacle.chatId; // until the setting is corrected, for as long as this process lives
        return { ...message, chatId: obstacle.chatId };
      case 'thread-missing':
        return { ...message, threadId: undefined }; // the general chat is better than silence
      case 'markup-broken':
        return { ...message, html: false, text: plain() };
    }
  }
}

/** No channel is set up: the ledger says so instead. */
export class NoNotifier implements Notifier, IncidentNotifier {
  async tell(): Promise<undefined> {
    return undefined;
  }

  async tellTogether(): Promise<undefined> {
    return undefined;
  }

  async tellIncidents(): Promise<undefined> {
    return undefined;
  }
}
