import type { Provider } from '@nestjs/common';
import { OperatorsPace } from '#domain/notifications/alert-pace.js';
import { IncidentNotifier } from '#domain/notifications/incident-telling.js';
import { Notifier } from '#domain/notifications/notifier.js';
import { Allowances } from '#domain/work/allowances.js';
import type { Config } from './config/config.js';
import { ChatBudget } from './telegram/chat-budget.js';
import type { TelegramApi } from './telegram/telegram-api.js';
import { NoNotifier, TelegramNotifier } from './telegram/telegram-notifier.js';

/** The part of the list that is about telling operators. */
export function telling({ telegram: settings, operatorsPace }: Config, api: TelegramApi | undefined): Provider[] {
  return [
    {
      provide: Notifier,
      inject: [Allowances],
      useFactory: (allowances: Allowances) =>
        api && settings
          ? new TelegramNotifier(api, settings, new ChatBudget(allowances, operatorsPace.messagesPerMinute))
          : new NoNotifier(),
    },
    { provide: OperatorsPace, useValue: operatorsPace satisfies OperatorsPace },
    { provide: IncidentNotifier, useExisting: Notifier },
  ];
}
