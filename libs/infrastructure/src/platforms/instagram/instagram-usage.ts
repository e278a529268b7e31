import type { VendorAnswer } from '../../resilience/http.js';
import type { PlatformUsage } from '../../resilience/platform-limits.js';
import { appUsage, businessUsage } from './instagram-schemas.js';

/**
 * developers.facebook.com/docs/graph-api/overview/rate-limiting, read in November 2026: percentages, and
 * `estimated_time_to_regain_access` in minutes.
 * @returns undefined when the answer says nothing that we can read
 */
export function usageOf({ headers }: Pick<VendorAnswer, 'headers'>): PlatformUsage | undefined {
  const app = appUsage.safeParse(parsed(headers['x-app-usage'])).data;
  const business = businessUsage.safeParse(parsed(headers['x-business-use-case-usage'])).data;
  if (!app && !business) return undefined;
  const entries = Object.values(business ?? {}).flat();
  const counted = [...(app ? [app] : []), ...entries];
  const percents = counted.flatMap((entry) => [entry.call_count ?? 0, entry.total_cputime ?? 0, entry.total_time ?? 0]);
  const minutes = entries.map((entry) => entry.estimated_time_to_regain_access ?? 0);
  return { percent: Math.max(0, ...percents), regainMs: Math.max(0, ...minutes) * 60_000 };
}

function parsed(header: string | readonly string[] | undefined): unknown {
  try {
    return typeof header === 'string' ? JSON.parse(header) : undefined;
  } catch {
    return undefined; // told by the schema that does not fit
  }
}
