import { CommentId } from '#domain/shared/ids.js';
import { decidingContract } from '../contracts/deciding.contract.js';
import { InMemoryStore } from '../fakes/in-memory-store.js';
import { VirtualClock } from '../fakes/virtual-clock.js';
import { incoming } from '../support/rows.js';

decidingContract('the store in memory', async () => {
  const store = new InMemoryStore(new VirtualClock());
  const { comments, replies, removals, deciding } = store;
  return await Promise.resolve({
    comments,
    replies,
    removals,
    deciding,
    arrive: async () => {
      store.add(incoming('1'));
      await Promise.resolve();
    },
    claimed: async (ref) => {
      const claim = await store.leases.claim(ref, 30_000);
      if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
      return claim.lease;
    },
    echo: async (id, text) => {
      store.echo(CommentId.parse(id), CommentId.parse('1'), text);
      await Promise.resolve();
    },
    standing: async () => {
      const { stage, outcome } = (await store.comments.find(CommentId.parse('1'))) ?? {};
      const rows = [...store.replyRows.values()].map(({ reply, dueAt }) => {
        const text = 'text' in reply ? reply.text : undefined;
        return [reply.state, reply.intent, text, dueAt === undefined ? undefined : 'due'];
      });
      return [[stage, outcome], ...rows].map((words) => words.filter((word) => word !== undefined).join(' '));
    },
    alerts: async () => await Promise.resolve([...store.alertRows.values()].map(({ alert }) => alert.state)),
    reasons: async () => await Promise.resolve(store.ledger.map(({ reason }) => reason)),
  });
});
