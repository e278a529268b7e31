import type { Comment } from '../comments/comment.js';
import type { Policy } from '../comments/policy.js';
import { decide, type NewDecision } from '../comments/reason-codes.js';
import { circumstancesOf, type Circumstances, type Plan } from '../comments/triage.js';
import type { Clock } from '../shared/clock.js';
import { policyFor } from './in-force.js';
import type { Patterns } from './patterns.js';
import type { Policies } from './policies.js';
import { planOfRule } from './rule-plan.js';
import { PreparedRules } from './rules.js';
import type { PolicySettings } from './settings.js';

/** What people decided beforehand about a comment as it is now. */
export type Ruling =
  /** A rule fits: nothing needs to be understood. */
  | { readonly kind: 'by-rule'; readonly plan: Plan }
  | {
      readonly kind: 'by-verdict';
      readonly policy: Policy;
      readonly circumstances: Circumstances;
      /** For the ledger: which version of the settings, which window and which post made the policy. */
      readonly basis: Readonly<Record<string, unknown>>;
      /** To be written down before what follows. */
      readonly decisions: readonly NewDecision[];
    };

/** Rules first, then the policy in force for the comment's post at this hour. No vendor is asked for any of it. */
export class Rulings {
  /** Made once as long as the same settings are remembered. */
  private readonly prepared = new WeakMap<PolicySettings, PreparedRules>();

  constructor(
    private readonly policies: Policies,
    private readonly patterns: Patterns,
    private readonly clock: Clock,
  ) {}

  async about(comment: Comment): Promise<Ruling> {
    const { settings, version } = await this.policies.current(comment.accountId);
    const now = this.clock.now();
    const circumstances = circumstancesOf(comment);
    const match = this.rulesOf(settings).firstFor(comment, now);
    const plan = match && planOfRule(match, circumstances, comment.id);
    if (plan) return { kind: 'by-rule', plan };
    const { policy, window, post } = policyFor(settings, comment.mediaId, now);
    return {
      kind: 'by-verdict',
      policy,
      circumstances: match ? { ...circumstances, allowed: true } : circumstances,
      basis: {
        ...(version > 0 && { policy: version }),
        ...(window !== undefined && { window }),
        ...(post && { post }),
      },
      decisions: match ? [decide('rule-allowed', { rule: match.rule.name, because: match.because })] : [],
    };
  }

  private rulesOf(settings: PolicySettings): PreparedRules {
    const known = this.prepared.get(settings);
    if (known) return known;
    const made = new PreparedRules(settings, this.patterns);
    this.prepared.set(settings, made);
    return made;
  }
}
