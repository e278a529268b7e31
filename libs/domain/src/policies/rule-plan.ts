import type { CommentId } from '../shared/ids.js';
import { decide } from '../comments/reason-codes.js';
import { planFor, type Circumstances, type Plan } from '../comments/triage.js';
import type { RuleMatch } from './rules.js';

/**
 * What a rule that fits wants done, in these circumstances.
 * @returns undefined for a rule that only allows: what follows is decided as if there were no rules
 */
export function planOfRule({ rule, because }: RuleMatch, given: Circumstances, commentId: CommentId): Plan | undefined {
  const { allow, reply, privateReply, hide, alert } = rule.do;
  if (allow === true) return undefined;
  const facts = { rule: rule.name, because };
  const words = inTurn(reply, commentId);
  const message = inTurn(privateReply, commentId);
  return planFor(given, {
    ...(words !== undefined && { reply: { what: 'fixed', why: decide('rule-replied', facts), text: words } }),
    ...(message !== undefined && { privateReply: { text: message, why: decide('rule-replied-privately', facts) } }),
    ...(hide && { hide: { what: hide, why: decide(hide === 'now' ? 'rule-hidden' : 'rule-hide-suggested', facts) } }),
    ...(alert === true && { alert: decide('rule-alerted', facts) }),
    nothing: decide('rule-ignored', facts),
  });
}

/** The same for the same comment however often it is asked, and each about as often as the others. */
function inTurn(texts: readonly string[] | undefined, commentId: CommentId): string | undefined {
  if (texts === undefined || texts.length === 0) return undefined;
  let hash = 2_166_136_261; // FNV-1a
  for (const unit of commentId) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  // Its lowest bit is a sum of the text's lowest bits; the upper half is mixed better.
  return texts[(hash >>> 16) % texts.length];
}
