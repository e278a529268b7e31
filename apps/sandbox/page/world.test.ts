import { describe, expect, it } from 'vitest';
import type { SandboxComment, SandboxState } from './wire.js';
import { changeWorld, commentCount, customerCommentsWith, emptyWorld, type World, type WorldChange } from './world.js';

describe('the page’s picture of the vendors', () => {
  it('puts a new comment under its post and a reply under its comment', () => {
    const world = after(written('c1'), written('r1', { parentId: 'c1', own: true }));
    expect(comments(world).map(({ id, replies }) => [id, replies.map((reply) => reply.id)])).toEqual([['c1', ['r1']]]);
  });

  it('shows a comment once, however often it is told', () => {
    const reply = written('r1', { parentId: 'c1' });
    const world = after(written('c1'), written('c1'), reply, reply);
    expect(world.state?.posts.map(commentCount)).toEqual([2]);
  });

  it('ignores news that come before the state', () => {
    expect(changeWorld(emptyWorld, written('c1')).state).toBeUndefined();
  });

  it('dims a hidden reply as well as a hidden comment', () => {
    const world = after(written('c1'), written('r1', { parentId: 'c1' }), { type: 'hidden', id: 'r1', hidden: true });
    expect(comments(world)[0]?.replies[0]?.hidden).toBe(true);
    expect(comments(world)[0]?.hidden).toBe(false);
  });

  it('forgets a deleted reply and keeps its thread', () => {
    const world = after(written('c1'), written('r1', { parentId: 'c1' }), { type: 'deleted', id: 'r1' });
    expect(comments(world).map(({ replies }) => replies)).toEqual([[]]);
  });

  it('tells a screen reader about our replies, not about every comment', () => {
    const world = after(written('c1'));
    expect(world.announcement).toBe('');
    expect(changeWorld(world, written('r1', { parentId: 'c1', own: true })).announcement).toBe('anna replied: hello');
  });

  it('replaces an edited Telegram message and counts it as no new one', () => {
    const message = { messageId: 7, chatId: '1', text: 'draft', at: '2026-01-01T00:00:00Z' };
    const world = after({ type: 'telegram', message }, { type: 'telegram', message: { ...message, text: 'approved' } });
    expect(world.state?.telegram.map(({ text }) => text)).toEqual(['approved']);
    expect(world.messagesSinceOpened).toBe(1);
  });

  it('remembers a delivery only while the api has not taken it', () => {
    const delivery = { ids: ['c1'], attempts: 1, state: 'retrying' };
    const lost = after({ type: 'delivery', delivery: { ...delivery, status: null } });
    expect([...lost.deliveries.keys()]).toEqual(['c1']);
    const taken = changeWorld(lost, { type: 'delivery', delivery: { ...delivery, status: 200 } });
    expect([...taken.deliveries.keys()]).toEqual([]);
  });

  it('finds the comments a model call is about by their text, and never our own', () => {
    const world = after(written('c1'), written('r1', { parentId: 'c1' }), written('r2', { parentId: 'c1', own: true }));
    expect(customerCommentsWith('hello', world.state).map(({ id }) => id)).toEqual(['c1', 'r1']);
  });

  it('forgets model calls that may have ended while nobody listened', () => {
    const busy = after({ type: 'model-begins', call: { callId: 1, kind: 'classify', commentText: 'hello' } });
    expect(busy.calls).toHaveLength(1);
    expect(changeWorld(busy, { type: 'state', state: bakery }).calls).toEqual([]);
  });
});

const bakery: SandboxState = {
  account: { id: '1', username: 'warm.bread', name: 'Warm Bread', avatarUrl: '/a.svg' },
  posts: [
    {
      id: 'p1',
      caption: 'Cake',
      type: 'IMAGE',
      pictureUrl: '/c.svg',
      timestamp: '2026-01-01T00:00:00Z',
      likes: 1,
      comments: [],
    },
  ],
  telegram: [],
};

function after(...changes: readonly WorldChange[]): World {
  return changes.reduce(changeWorld, { ...emptyWorld, state: bakery });
}

function written(id: string, more: Partial<SandboxComment> = {}): WorldChange {
  const comment = {
    id,
    username: 'anna',
    text: 'hello',
    timestamp: '2026-01-01T00:00:00Z',
    hidden: false,
    own: false,
    ...more,
  };
  return { type: 'comment', postId: 'p1', comment };
}

const comments = (world: World) => world.state?.posts[0]?.comments ?? [];
