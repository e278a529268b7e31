import type { Comment } from '../comments/comment.js';
import type { Policy } from '../comments/policy.js';
import { decide, type NewDecision } from '../comments/reason-codes.js';
import type { Circumstances, Plan } from '../comments/triage.js';
import { policyFor } from './in-force.js';
import type { Patterns } from './patterns.js';
import { planOfRule } from './rule-plan.js';
import { PreparedRules } from './rules.js';
import type { PolicySettings } from './settings.js';

/** What people decided beforehand about a comment. */
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

/**
 * Settings of one account with everything made ready that does not depend on the comment: rules first, then the policy
 * for the comment's post at this hour. Pure: in production and in a backtest the same comment gets the same ruling.
 */
export class PreparedSettings {
  private readonly rules: PreparedRules;

  constructor(
    private readonly settings: PolicySettings,
    patterns: Patterns,
  ) {
    this.rules = new PreparedRules(settings, patterns);
  }

  about(comment: Comment, circumstances: Circumstances, at: Date, version = 0): Ruling {
    const match = this.rules.firstFor(comment, at);
    const plan = match && planOfRule(match, circumstances, comment.id);
    if (plan) return { kind: 'by-rule', plan };
    const { policy, window, post } = policyFor(this.settings, comment.mediaId, at);
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
}
