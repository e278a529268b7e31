import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryPolicies } from '../../../../test/fakes/in-memory-policies.js';
import { PlainPatterns } from '../../../../test/fakes/plain-patterns.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import type { Comment } from '../comments/comment.js';
import { presets } from '../comments/policy.js';
import { AccountId, CommentId, MediaId } from '../shared/ids.js';
import { Rulings } from './rulings.js';
import { initialSettings, weekdays, type PolicySettings } from './settings.js';

const accountId = AccountId.parse('9');
const post = MediaId.parse('18000000000000001');
const comment: Comment = {
  id: CommentId.parse('1'),
  accountId,
  mediaId: post,
  parentId: undefined,
  authorId: '5',
  username: 'anna',
  text: 'Where are you?',
  mediaKind: 'FEED',
  adId: undefined,
  stage: 'received',
  receivedAt: new Date(0),
  verdict: undefined,
  hidden: false,
  outcome: undefined,
};

let policies: InMemoryPolicies;
let rulings: Rulings;
beforeEach(() => {
  policies = new InMemoryPolicies();
  rulings = new Rulings(policies, new PlainPatterns(), new VirtualClock());
});

async function decided(settings: Partial<PolicySettings>): Promise<void> {
  const { version: after } = await policies.current(accountId);
  await policies.add({ accountId, after, settings: { ...initialSettings, ...settings }, by: 'x', note: undefined });
}

describe('what is decided about a comment before anybody understands it', () => {
  it('is the preset, and nothing for the ledger, while nobody has said otherwise', async () => {
    expect(await rulings.about(comment)).toEqual({
      kind: 'by-verdict',
      policy: presets.balanced,
      circumstances: { hidden: false, live: false, own: false, muted: false },
      basis: {},
      decisions: [],
    });
  });

  it('is a plan when a rule fits', async () => {
    await decided({ rules: [{ name: 'where', when: { words: ['where'] }, do: { reply: ['Here.'] } }] });
    expect(await rulings.about(comment)).toMatchObject({
      kind: 'by-rule',
      plan: { reply: 'fixed', replyText: 'Here.', decisions: [{ reason: 'rule-replied' }] },
    });
    expect((await rulings.about({ ...comment, text: 'Nice' })).kind).toBe('by-verdict');
  });

  it('is left to the policy by a rule that allows, which keeps the comment from being hidden', async () => {
    await decided({ rules: [{ name: 'friends', when: { authors: ['anna'] }, do: { allow: true } }] });
    expect(await rulings.about(comment)).toMatchObject({
      kind: 'by-verdict',
      circumstances: { allowed: true },
      decisions: [{ reason: 'rule-allowed', detail: { rule: 'friends', because: ['author "anna"'] } }],
    });
  });

  it('follows a change of the settings, and says on which version, window and post it rests', async () => {
    const always = { name: 'always', days: [...weekdays], from: '00:00', to: '24:00', changes: { replyFrom: 80 } };
    await decided({ windows: [always], posts: [{ mediaId: post, changes: { hideFrom: 90 } }] });
    expect(await rulings.about(comment)).toMatchObject({
      policy: { replyFrom: 80, hideFrom: 90 },
      basis: { policy: 1, window: 'always', post },
    });
    await decided({ preset: 'classic' });
    expect(await rulings.about(comment)).toMatchObject({ policy: presets.classic, basis: { policy: 2 } });
  });
});
