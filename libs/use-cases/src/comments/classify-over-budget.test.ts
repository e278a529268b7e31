import { describe, expect, it } from 'vitest';
import type { Accounts } from '#domain/accounts/accounts.js';
import type { CommentContexts } from '#domain/comments/comment-contexts.js';
import type { Comments } from '#domain/comments/comments.js';
import type { JobQueue } from '#domain/jobs/job-queue.js';
import { Rulings } from '#domain/policies/rulings.js';
import type { Lease } from '#domain/work/lease.js';
import type { Leases } from '#domain/work/leases.js';
import { InMemoryPolicies } from '../../../../test/fakes/in-memory-policies.js';
import { oneAccount as account, oneComment } from '../../../../test/fakes/one-comment.js';
import { PlainPatterns } from '../../../../test/fakes/plain-patterns.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { ClassifyComment } from './classify-comment.js';

const comment = { ...oneComment, stage: 'received' as const };
const { id, accountId } = comment;
const lease: Lease = { ref: { kind: 'comment', id }, commentId: id, accountId, epoch: 1, attempts: 0, traceId: 't' };

describe('a comment for which the money of the day is spent', () => {
  // CL-5
  it.each([
    ['account', 'over-budget-account'],
    ['author', 'over-budget-author'],
  ] as const)(
    'of the %s is left to a person: understood by nobody, never silent, not told one by one',
    async (whose, reason) => {
      const recorded: unknown[] = [];
      const rung: unknown[] = [];
      const comments: Pick<Comments, 'find' | 'recordVerdict'> = {
        find: async () => await Promise.resolve(comment),
        recordVerdict: async (_lease, verdict, plan, decisions) => {
          recorded.push([verdict, plan.reply, plan.hide, plan.alert, decisions.map((decision) => decision.reason)]);
          return await Promise.resolve([]);
        },
      };
      const jobs: Pick<JobQueue, 'ring'> = {
        ring: async (requests) => {
          rung.push(...requests);
          await Promise.resolve();
        },
      };
      const context = { comment, media: undefined, thread: [], brand: { username: account.username } };
      const accounts: Pick<Accounts, 'get'> = { get: async () => await Promise.resolve(account) };
      const contexts: Pick<CommentContexts, 'of'> = { of: async () => await Promise.resolve(context) };
      const classify = new ClassifyComment(
        comments as Comments, // it reads and records
        accounts as Accounts, // it asks for the account
        new Rulings(new InMemoryPolicies(), new PlainPatterns(), new VirtualClock()),
        contexts as CommentContexts, // it asks for the comment's
        { classify: async () => await Promise.resolve({ kind: 'over-budget', whose }) },
        {} as Leases, // nothing is parked
        jobs as JobQueue, // it rings
      );
      expect(await classify.execute(id, lease)).toBe('advanced');
      expect(recorded).toEqual([[undefined, 'person', 'none', false, [reason]]]);
      expect(rung).toEqual([]);
    },
  );
});
