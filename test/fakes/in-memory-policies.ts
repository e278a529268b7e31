import type { NewPolicyVersion, Policies, PolicyVersion } from '#domain/policies/policies.js';
import { initialSettings } from '#domain/policies/settings.js';
import { AppError } from '#domain/shared/errors.js';
import type { AccountId } from '#domain/shared/ids.js';

/** Policies in memory. */
export class InMemoryPolicies implements Policies {
  readonly #versions: PolicyVersion[] = [];

  async current(accountId: AccountId): Promise<PolicyVersion> {
    return (await this.history(accountId, 1))[0] ?? untouched(accountId);
  }

  async version(accountId: AccountId, version: number): Promise<PolicyVersion | undefined> {
    if (version === 0) return untouched(accountId);
    const found = await this.history(accountId, Number.POSITIVE_INFINITY);
    return found.find((each) => each.version === version);
  }

  async history(accountId: AccountId, limit: number, before = Number.POSITIVE_INFINITY): Promise<PolicyVersion[]> {
    const own = this.#versions.filter((each) => each.accountId === accountId && each.version < before);
    return await Promise.resolve(own.toReversed().slice(0, limit));
  }

  async add({ accountId, after, settings, by, note }: NewPolicyVersion): Promise<PolicyVersion> {
    await Promise.resolve();
    // From here to the end nobody comes between.
    const versions = this.#versions.filter((each) => each.accountId === accountId).map(({ version }) => version);
    if (Math.max(0, ...versions) !== after) throw new AppError('conflict', `Version ${after} is no longer in force`);
    const added = { accountId, version: after + 1, settings, changedAt: new Date(), changedBy: by, note };
    this.#versions.push(added);
    return added;
  }
}

function untouched(accountId: AccountId): PolicyVersion {
  const nobody = { changedAt: undefined, changedBy: undefined, note: undefined };
  return { accountId, version: 0, settings: initialSettings, ...nobody };
}
