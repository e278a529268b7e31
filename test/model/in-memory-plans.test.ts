import { CommentId } from '#domain/shared/ids.js';
import { plansContract } from '../contracts/plans.contract.js';
import { InMemoryStore } from '../fakes/in-memory-store.js';
import { VirtualClock } from '../fakes/virtual-clock.js';
import { incoming } from '../support/rows.js';

plansContract('the store in memory', async () => {
  const store = new InMemoryStore(new VirtualClock());
  store.add(incoming('1'));
  const claim = await store.leases.claim({ kind: 'comment', id: CommentId.parse('1') }, 30_000);
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
  return {
    comments: store.comments,
    lease: claim.lease,
    replies: async () => {
      const rows = [...store.replyRows.values()].map(({ reply, dueAt }) => {
        const text = 'text' in reply ? (reply.text ?? '') : '';
        return [reply.channel, reply.state, reply.intent, `${text}${dueAt === undefined ? '' : ' due'}`].join(' ');
      });
      return await Promise.resolve(rows.toSorted());
    },
  };
});
