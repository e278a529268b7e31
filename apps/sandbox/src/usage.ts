import { z } from 'zod';
import { bakeryAccount } from './bakery/account.js';

export const usageRequest = z.strictObject({
  /** How full the limits are, in percent. */
  percent: z.number().min(0).max(1_000),
  /** Minutes until Instagram takes calls again. */
  regainMinutes: z.number().min(0).max(1_440).default(0),
});
type Usage = z.infer<typeof usageRequest>;

/** What Instagram says in the headers of every answer about the use of its limits; a fault's own headers go before. */
export class UsageHeaders {
  #usage: Usage = { percent: 1, regainMinutes: 0 };

  set(usage: Usage): void {
    this.#usage = usage;
  }

  all(): Record<string, string> {
    const { percent, regainMinutes } = this.#usage;
    const counted = { call_count: percent, total_cputime: 1, total_time: 1 };
    const business = { type: 'instagram', ...counted, estimated_time_to_regain_access: regainMinutes };
    return {
      'x-app-usage': JSON.stringify({ ...counted, call_count: 1 }),
      'x-business-use-case-usage': JSON.stringify({ [bakeryAccount.id]: [business] }),
    };
  }
}
