import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sendingRules } from '#domain/replies/reply-rules.js';
import { replyActions, type ReplyAction } from '#domain/replies/operator-replies.js';
import { limitRules, windowOf, type LimitName } from '#domain/work/allowances.js';
import { turn } from './process.js';
import { replyLimits, World, type PublishFate } from './world.js';

/** T15: how many stories are tried; MODEL_RUNS=10000 for the long form. A failing seed is printed by fast-check. */
const runs = Number(process.env['MODEL_RUNS'] ?? 400);

type Command =
  | { readonly do: 'deliver'; readonly number: number; readonly kind: string; readonly inThread: boolean }
  | { readonly do: 'start' | 'proceed' | 'crash' | 'echo'; readonly which: number }
  | { readonly do: 'rush'; readonly which: number; readonly steps: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'publish'; readonly fate: PublishFate }
  | { readonly do: 'lag'; readonly ms: number }
  | { readonly do: 'wish'; readonly which: number; readonly action: 'hide' | 'unhide' | 'delete' }
  | { readonly do: 'touch'; readonly which: number; readonly what: 'deletes' | 'hides' }
  | { readonly do: 'decide'; readonly which: number; readonly action: ReplyAction }
  | { readonly do: 'write privately' | 'audit'; readonly which: number }
  | { readonly do: 'sweep' | 'wipe' | 'break listing' | 'take over' | 'retry' }
  | { readonly do: 'token expires' | 'token renewed' | 'discover' | 'kill switch on' | 'kill switch off' };

const which = fc.nat({ max: 5 });
const fates: readonly PublishFate[] = [
  'answers',
  'creates, then times out',
  'loses it',
  'creates, then breaks',
  'limits',
  'is away',
];
// The first look comes after 15 s, the last 110 s later: what the platform hides for longer is beyond the promise.
const longestLagMs = sendingRules.firstLookAfterMs + 2 * sendingRules.nextLookAfterMs - 5_000;

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      number: fc.integer({ min: 1, max: 6 }), // few, so that the same is delivered again
      kind: fc.constantFrom('q', 'q', 'q', 't', 'u', 'p'),
      inThread: fc.boolean(),
    }),
  },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('start' as const), which }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('proceed' as const), which }) },
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant('rush' as const), which, steps: fc.integer({ min: 4, max: 40 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('echo' as const), which }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 16_000, 31_000, 61_000) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('publish' as const), fate: fc.constantFrom(...fates) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('lag' as const), ms: fc.integer({ min: 0, max: longestLagMs }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('sweep' as const, 'wipe' as const, 'break listing' as const) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('take over' as const, 'retry' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('write privately' as const, 'audit' as const), which }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('decide' as const), which, action: fc.constantFrom(...replyActions) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wish' as const),
      which,
      action: fc.constantFrom(
        'hide' as const,
        'hide' as const,
        'unhide' as const,
        'unhide' as const,
        'delete' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('touch' as const),
      which,
      what: fc.constantFrom('deletes' as const, 'hides' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('token expires' as const, 'token renewed' as const) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('discover' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('kill switch on' as const, 'kill switch off' as const) }),
  },
);

async function obey(world: World, each: Command): Promise<void> {
  switch (each.do) {
    case 'deliver':
      world.deliver(each.number, each.kind, each.inThread && each.number > 1 ? 1 : undefined);
      break;
    case 'start':
      world.startJob(each.which);
      break;
    case 'proceed':
      world.proceed(each.which);
      break;
    case 'rush':
      for (let step = 0; step < each.steps; step += 1) {
        world.proceed(each.which);
        await turn();
      }
      break;
    case 'crash':
      world.crash(each.which);
      break;
    case 'echo':
      world.echo(each.which);
      break;
    case 'wait':
      world.clock.pass(each.ms);
      break;
    case 'publish':
      world.fates.push(each.fate);
      break;
    case 'lag':
      world.listingLagMs = each.ms;
      break;
    case 'break listing':
      world.listings.push('is away');
      break;
    case 'wipe':
      world.wipeBell();
      break;
    case 'sweep':
      await world.sweep();
      break;
    case 'decide':
      world.decide(each.which, each.action);
      break;
    case 'wish':
      await world.wish(each.which, each.action);
      break;
    case 'touch':
      world.touch(each.which, each.what);
      break;
    case 'write privately':
      await world.writePrivately(each.which);
      break;
    case 'audit':
      await world.audit(each.which); // and dies somewhere in it
      break;
    case 'retry':
      await world.people.retryParked();
      break;
    case 'take over':
      await world.takeOver();
      break;
    case 'token expires':
      world.tokenIsDead = true;
      break;
    case 'token renewed':
      world.tokenIsDead = false;
      break;
    case 'discover':
      world.startDiscovery();
      break;
    case 'kill switch on':
      await world.pauseEverything();
      break;
    case 'kill switch off':
      await world.resumeEverything();
      break;
  }
  await turn();
}

function repliesTo(world: World, id: string): number {
  return world.visible.filter(({ to }) => to === id).length;
}

/** Comments under which customers see two replies of ours, and nobody here knows of it. */
function twins(world: World): string[] {
  const about = [...new Set(world.visible.map(({ to }) => to))];
  return about.filter((id) =>
    world.people.unknownTwins(
      id,
      world.visible.filter(({ to }) => to === id),
    ),
  );
}

/** Threads in which the bot has said more by itself than it may in a day. */
function talkative(world: World): string[] {
  const { windowMs } = windowOf('bot-replies-in-thread');
  const said = [...world.store.replyRows.values()].flatMap(({ reply, sentAt }) =>
    reply.intent === 'auto' && reply.channel === 'public' && sentAt
      ? [{ thread: world.topOf(reply.commentId), at: sentAt.getTime() }]
      : [],
  );
  const within = ({ thread, at }: (typeof said)[number]): number =>
    said.filter((other) => other.thread === thread && other.at >= at && other.at < at + windowMs).length;
  return said.filter((one) => within(one) > limitRules['bot-replies-in-thread'].usually).map(({ thread }) => thread);
}

/** What a customer or an operator could complain about, now that nothing is left to do. */
function complaints(world: World): string[] {
  const replies = [...world.store.replyRows.values()].map(({ reply }) => reply);
  return [...world.store.commentRows].flatMap(([id, { comment }]) => {
    const seen = repliesTo(world, id);
    const [kind] = comment.text;
    const messages = world.messages.filter(({ to }) => to === id).length;
    const touched = world.touched.has(id);
    const decided = world.people.decided.has(id);
    const own = replies.filter(({ commentId, channel }) => commentId === id && channel === 'public');
    const overCap = own.some(({ state }) => state === 'waiting') && world.noted('thread-cap-reached') > 0;
    const left = touched || decided || overCap || world.store.takeovers.of(id) !== undefined;
    const reply = own.find(({ state }) => state === 'sent');
    const shown = world.visible.filter(({ to }) => to === id);
    const given = [...world.store.replyRows.values()].some(
      ({ reply: { commentId }, parkedFrom }) => commentId === id && parkedFrom !== undefined,
    );
    const impossible = world.deleted.has(id) || world.hidden.has(id) || touched;
    const excused = impossible && { told: world.told.has(id) };
    const message = replies.find(({ commentId, channel }) => commentId === id && channel === 'private');
    const wish = world.deleted.has(id) ? undefined : world.wishes.get(id);
    const wrong = {
      'is not finished': comment.stage !== 'done' && comment.stage !== 'parked',
      'has two replies': seen > 1 && !(decided && given),
      'has two replies of which nobody knows': world.people.unknownTwins(id, shown),
      'has a reply that was not due': kind !== 'q' && seen > 0 && !decided,
      // What stayed unclear after a resend is parked for a person; every other reply that was due is out.
      'lacks its reply': kind === 'q' && comment.stage === 'done' && seen !== 1 && !left,
      'has a reply that we say was sent and nobody sees':
        reply?.state === 'sent' && !shown.some((one) => one.id === reply.platformReplyId) && !touched,
      'is not hidden': kind === 't' && !world.hidden.has(id) && !left,
      'got two private replies': messages > 1,
      'has a private reply that we say was sent and nobody got': message?.state === 'sent' && messages !== 1,
      'is not as an operator wanted it last':
        wish === 'delete' || (wish !== undefined && world.hidden.has(id) !== (wish === 'hide')),
      'has an incident that never ends': world.incidents.isOpen('two-replies', id),
      // Whoever has decided before anybody was told need not be told.
      'was told to nobody': kind === 'u' && !world.told.has(id) && !decided,
    };
    const broken = world.people.broken(id, excused, shown).map((what) => `${comment.text}: ${what}`);
    return [...Object.entries(wrong).flatMap(([what, holds]) => (holds ? [`${comment.text} ${what}`] : [])), ...broken];
  });
}

/** Limits that what the platform took exceeded in some window, whatever was refused, lost, repeated or wiped in between. */
function exceeded(world: World): LimitName[] {
  const most: readonly (readonly [LimitName, number])[] = [
    ['replies-of-account', replyLimits.perHour],
    ['replies-to-author', replyLimits.perAuthor],
  ];
  const calls = world.publications.filter(({ channel }) => channel === 'public');
  return most.flatMap(([limit, allowed]) => {
    const { windowMs } = windowOf(limit);
    const fullest = Math.max(
      0,
      ...calls.map(({ atMs }) => calls.filter((call) => call.atMs >= atMs && call.atMs < atMs + windowMs).length),
    );
    return fullest > allowed ? [limit] : [];
  });
}

/** Workers that stop are followed by others, until it has happened. */
async function takeOverUntil(world: World, happened: () => boolean): Promise<void> {
  for (let left = 30; !happened(); left -= 1) {
    if (left === 0) throw new Error('thirty workers, one after the other, did not bring it about');
    await world.takeOver();
  }
}

describe('nothing acknowledged is lost, and nobody sees two replies', () => {
  it('whatever crashes, waits, repeats, lies or vanishes, in whatever order', { timeout: runs * 100 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 20, maxLength: 60, size: 'max' }), async (commands) => {
        const world = new World();
        for (const each of commands) {
          await obey(world, each);
          expect(twins(world)).toEqual([]);
          expect(world.publishedWhilePaused).toEqual([]);
          expect(exceeded(world)).toEqual([]);
          expect(talkative(world)).toEqual([]);
        }
        await world.settleDown();
        expect(complaints(world)).toEqual([]);
        expect(exceeded(world)).toEqual([]);
        expect(await world.pausesAndIncidents()).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  /** A question whose reply is being sent by a worker that has stopped, as told. */
  async function stoppedWhileSending(world: World, when: () => boolean): Promise<() => Promise<void>> {
    world.deliver(1, 'q');
    const [classify, draft] = [await world.startAndStop(() => false), await world.startAndStop(() => false)];
    await Promise.all([classify(), draft()]);
    return await world.startAndStop(when);
  }

  it('when a worker sleeps through the whole protocol after marking the reply, and wakes up', async () => {
    const world = new World();
    const wakeUp = await stoppedWhileSending(world, () => world.noted('reply-sending') === 1);
    await takeOverUntil(world, () => world.noted('reply-sent') > 0);
    expect(world.noted('reply-send-again')).toBe(1);
    await wakeUp();
    await world.settleDown();
    expect(complaints(world)).toEqual([]);
  });

  it('when a worker wakes up with an old refusal while another one is sending', async () => {
    const world = new World();
    world.fates = ['limits'];
    const wakeUp = await stoppedWhileSending(world, () => world.publishCalls.length === 1);
    await takeOverUntil(world, () => world.noted('reply-send-again') > 0);
    await world.sweep();
    const goOn = await world.startAndStop(() => world.visible.length === 1);
    await wakeUp();
    await world.takeOver();
    await goOn();
    await world.settleDown();
    expect(complaints(world)).toEqual([]);
    expect(world.publishCalls).toHaveLength(2);
  });

  it('when the platform hides the first reply for longer than we look: the second is taken away again', async () => {
    const world = new World();
    world.fates = ['creates, then times out'];
    world.listingLagMs = 200_000; // beyond the promise
    const goOn = await stoppedWhileSending(world, () => world.publishCalls.length === 1);
    await goOn();
    await takeOverUntil(world, () => world.publishCalls.length === 2);
    expect(world.visible).toHaveLength(2);
    const [first] = world.visible;
    await world.settleDown();
    expect(complaints(world)).toEqual([]);
    expect(world.visible).toEqual([first]);
    expect([...world.store.replyRows.values()].map(({ reply }) => reply)).toMatchObject([
      { state: 'sent', platformReplyId: first?.id },
    ]);
    expect([world.noted('two-replies-found'), world.noted('second-reply-removed')]).toEqual([1, 1]);
  });

  it('when a worker is paused just before hiding, and an operator shows the comment meanwhile', async () => {
    const world = new World();
    world.deliver(1, 't');
    await (
      await world.startAndStop(() => false)
    )();
    let steps = 0;
    // Claimed, found due, no reply in the way: its next step is to make sure that the row is still its own.
    const wakeUp = await world.startAndStop(() => ++steps > 5);
    await world.wish(0, 'unhide');
    await world.takeOver();
    await wakeUp();
    await world.settleDown();
    expect(complaints(world)).toEqual([]);
    expect(world.hidden.size).toBe(0);
  });

  it('when the second try has to wait, and the first one shows up meanwhile', async () => {
    const world = new World();
    world.fates = ['creates, then times out', 'limits'];
    world.listingLagMs = 3_600_000; // far beyond the promise: nobody could know before the second try
    const goOn = await stoppedWhileSending(world, () => world.publishCalls.length === 1);
    await goOn();
    await takeOverUntil(world, () => world.publishCalls.length === 2);
    world.listingLagMs = 0;
    await world.settleDown();
    expect(complaints(world)).toEqual([]);
    expect(world.publishCalls).toHaveLength(2);
  });

  it('when the second try is held up by a pause of hours, and the first one shows up meanwhile', async () => {
    const world = new World();
    world.fates = ['creates, then times out'];
    world.listingLagMs = 3_600_000;
    const goOn = await stoppedWhileSending(world, () => world.publishCalls.length === 1);
    await goOn();
    await takeOverUntil(world, () => world.noted('reply-send-again') > 0);
    await world.pauseEverything();
    world.clock.pass(7_200_000); // the reply that nobody could see is listed by now
    await world.resumeEverything();
    await world.settleDown();
    expect(complaints(world)).toEqual([]);
    expect(world.publishCalls).toHaveLength(1);
  });
});
