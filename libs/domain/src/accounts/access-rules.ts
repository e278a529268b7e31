import type { AccessState } from './access.js';

const dayMs = 24 * 3_600_000;

export const accessRules = {
  /** Younger access is not renewed by platforms. */
  renewedNotBeforeMs: dayMs,
  /** Half of a usual life of 60 days: a month of hourly tries, should it not work at once. */
  renewedWithinLastMs: 30 * dayMs,
} as const;

/** Days before the end at which operators are told, if access was not renewed until then. */
export const expiryStages = [14, 7, 1, 0] as const;
export type ExpiryStage = (typeof expiryStages)[number];

export function isRenewable({ since, expiresAt }: AccessState, now: Date): boolean {
  if (now.getTime() - since.getTime() < accessRules.renewedNotBeforeMs) return false;
  if (expiresAt === undefined) return true;
  const leftMs = expiresAt.getTime() - now.getTime();
  return leftMs > 0 && leftMs < accessRules.renewedWithinLastMs;
}

/** The stage that is reached, the latest one only: who was away for a week is told what is true now. */
export function expiryStage({ expiresAt }: AccessState, now: Date): ExpiryStage | undefined {
  if (expiresAt === undefined) return undefined;
  const daysLeft = (expiresAt.getTime() - now.getTime()) / dayMs;
  return expiryStages.findLast((stage) => daysLeft <= stage);
}
