import { CommentId, MediaId } from '#domain/shared/ids.js';
import { takeoversContract } from '../contracts/takeovers.contract.js';
import { InMemoryStore } from '../fakes/in-memory-store.js';
import { VirtualClock } from '../fakes/virtual-clock.js';
import { incoming } from '../support/rows.js';

takeoversContract('the store in memory', async () => {
  const store = new InMemoryStore(new VirtualClock());
  const mediaId = MediaId.parse('18000000000000001');
  return await Promise.resolve({
    comments: store.comments,
    replies: store.replies,
    takeovers: store.takeovers,
    arrive: async (id, parentId) => {
      store.add(incoming(id, { mediaId, parentId: parentId === undefined ? undefined : CommentId.parse(parentId) }));
      await Promise.resolve();
    },
    claimed: async (ref) => {
      const claim = await store.leases.claim(ref, 30_000);
      if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
      return claim.lease;
    },
    standing: async (id) => {
      const { stage, outcome } = (await store.comments.find(CommentId.parse(id))) ?? {};
      const replies = [...store.replyRows.values()].filter(({ reply }) => reply.commentId === id);
      const hides = [...store.moderationRows.values()].filter(({ moderation }) => moderation.commentId === id);
      return [
        [stage, outcome].filter((word) => word !== undefined).join(' '),
        ...replies.map(({ reply }) => `reply ${reply.state}`),
        ...hides.map(({ moderation }) => `hide ${moderation.state}`),
      ].toSorted();
    },
    reasons: async (id) =>
      await Promise.resolve(store.ledger.filter(({ commentId }) => commentId === id).map(({ reason }) => reason)),
  });
});
