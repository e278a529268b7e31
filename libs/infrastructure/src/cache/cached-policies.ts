import type { NewPolicyVersion, Policies, PolicyVersion } from '#domain/policies/policies.js';
import type { AccountId } from '#domain/shared/ids.js';
import { Remembered } from './remembered.js';

/**
 * How long a policy that was changed elsewhere may still be followed, in milliseconds. What must stop at once is not
 * here: pauses and takeovers are looked at by the statements that begin a reply or a hide.
 */
export const policyIsFreshForMs = 5_000;
/** Accounts whose comments come at the same time; with all their rules some hundred kilobytes each at most. */
const mostPolicies = 1_000;

/** All that is decided about an account is read once per five seconds, however many comments come. */
export class CachedPolicies implements Policies {
  readonly #known: Remembered<AccountId, PolicyVersion>;

  /** @param elapsedMs a clock that only goes forward */
  constructor(
    private readonly policies: Policies,
    elapsedMs?: () => number,
  ) {
    this.#known = new Remembered({
      ask: async (id: AccountId) => await policies.current(id),
      forMs: policyIsFreshForMs,
      most: mostPolicies,
      elapsedMs,
    });
  }

  async current(accountId: AccountId): Promise<PolicyVersion> {
    return (await this.#known.get(accountId)) ?? (await this.policies.current(accountId));
  }

  async version(accountId: AccountId, version: number): Promise<PolicyVersion | undefined> {
    return await this.policies.version(accountId, version);
  }

  async history(accountId: AccountId, limit: number, before?: number): Promise<readonly PolicyVersion[]> {
    return await this.policies.history(accountId, limit, before);
  }

  async add(version: NewPolicyVersion): Promise<PolicyVersion> {
    try {
      return await this.policies.add(version);
    } finally {
      this.#known.forget(version.accountId);
    }
  }
}
