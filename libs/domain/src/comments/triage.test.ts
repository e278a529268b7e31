import { describe, expect, it } from 'vitest';
import { presetNames, presets, type PresetName } from './policy.js';
import type { Comment } from './comment.js';
import { CommentId, AccountId } from '../shared/ids.js';
import { circumstancesOf, triage, type Circumstances } from './triage.js';
import { commentClassNames, type CommentClass, type Verdict } from './verdict.js';

/**
 * What is done: `reply` publishes, `draft` writes for a person, `person` leaves it to one, `hide` hides, `offer` suggests
 * hiding, `tell` alerts. Where two stand, the first is for a verdict below the class's confidence, the second from it on.
 */
type Cell = string;

interface Line {
  readonly preset: PresetName;
  readonly class: CommentClass;
  /** The confidence on which something hangs; where nothing does, any will do. */
  readonly from: number;
  readonly plain: Cell;
  readonly live: Cell;
  readonly muted: Cell;
  /** Live, in a thread that is taken over. */
  readonly both: Cell;
  /** However live and muted. What is the brand's own gets nothing whatever else holds. */
  readonly hidden: Cell;
}

const lines = `
  preset   class       from | plain         | live          | muted         | both          | hidden
  balanced positive    0    |               |               |               |               |
  balanced critical    0    | draft+tell    | tell          | person+tell   | tell          | tell
  balanced urgent      0    | draft+tell    | tell          | person+tell   | tell          | tell
  balanced question    70   | draft / reply | tell          | person        | tell          |
  balanced partnership 0    | tell          | tell          | tell          | tell          | tell
  balanced toxic       85   | offer / hide  | offer / hide  | offer         | offer         |
  balanced spam        0    | offer         | offer         | offer         | offer         |
  careful  positive    0    |               |               |               |               |
  careful  critical    0    | draft+tell    | tell          | person+tell   | tell          | tell
  careful  urgent      0    | draft+tell    | tell          | person+tell   | tell          | tell
  careful  question    100  | draft         | tell          | person        | tell          |
  careful  partnership 0    | tell          | tell          | tell          | tell          | tell
  careful  toxic       100  | offer         | offer         | offer         | offer         |
  careful  spam        0    |               |               |               |               |
  classic  positive    0    |               |               |               |               |
  classic  critical    0    | hide+tell     | hide+tell     | offer+tell    | offer+tell    | tell
  classic  urgent      0    | hide+tell     | hide+tell     | offer+tell    | offer+tell    | tell
  classic  question    0    | reply         | tell          | person        | tell          |
  classic  partnership 0    | tell          | tell          | tell          | tell          | tell
  classic  toxic       0    | hide          | hide          | offer         | offer         |
  classic  spam        0    |               |               |               |               |`;

function listed<Name extends string>(list: readonly Name[], name: string | undefined): Name {
  const found = list.find((one) => one === name);
  if (found === undefined) throw new Error(`the table above says ${name}`);
  return found;
}

const table: readonly Line[] = lines
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [head = '', plain = '', live = '', muted = '', both = '', hidden = ''] = line.split('|').map((s) => s.trim());
    const [preset, name, from] = head.split(/\s+/u);
    const known = { preset: listed(presetNames, preset), class: listed(commentClassNames, name) };
    return { ...known, from: Number(from), plain, live, muted, both, hidden };
  });

const truths = [false, true];
const everyCircumstance: readonly Circumstances[] = truths.flatMap((hidden) =>
  truths.flatMap((live) => truths.flatMap((own) => truths.map((muted) => ({ hidden, live, own, muted })))),
);

function expected(line: Line, { hidden, live, own, muted }: Circumstances, confidence: number): string {
  if (own) return '';
  const column = hidden ? line.hidden : live && muted ? line.both : live ? line.live : muted ? line.muted : line.plain;
  const [below = '', from = below] = column.split(' / ');
  return confidence < line.from ? below : from;
}

function verdict(commentClass: CommentClass, confidence: number): Verdict {
  return { class: commentClass, confidence, reason: '', language: 'en', model: 'm', promptVersion: 'p@1' };
}

const shown = {
  reply: { auto: 'reply', draft: 'draft', person: 'person', fixed: 'fixed', none: '' },
  hide: { now: 'hide', suggest: 'offer', none: '' },
} as const;

function planned(line: Pick<Line, 'preset' | 'class'>, given: Circumstances, confidence: number): string {
  const { reply, hide, alert } = triage(given, verdict(line.class, confidence), presets[line.preset]);
  return [shown.reply[reply], shown.hide[hide], alert ? 'tell' : ''].filter((word) => word !== '').join('+');
}

const seen = { hidden: false, live: false, own: false, muted: false };

// PO-1, AN-9
describe('what a policy wants for a comment', () => {
  it('is written down for each preset and class', () => {
    expect(new Set(table.map((line) => `${line.preset} ${line.class}`)).size).toBe(21);
  });

  it.each(table)('$preset, $class: every confidence, hidden or not, live or not, own or not, muted or not', (line) => {
    const confidences = [0, 1, 69, 70, 71, 84, 85, 86, 99, 100];
    const cells = everyCircumstance.flatMap((given) => confidences.map((confidence) => ({ given, confidence })));
    expect(cells).toHaveLength(160);
    for (const { given, confidence } of cells) {
      const where = `${JSON.stringify(given)} at ${confidence}`;
      expect(`${where}: ${planned(line, given, confidence)}`).toBe(`${where}: ${expected(line, given, confidence)}`);
    }
  });

  it('gives a reason for everything it wants, and for wanting nothing', () => {
    for (const { preset, class: name } of table) {
      for (const given of everyCircumstance) {
        const plan = triage(given, verdict(name, 100), presets[preset]);
        const wanted = [plan.reply !== 'none', plan.hide !== 'none', plan.alert].filter(Boolean).length;
        expect(plan.decisions.length).toBeGreaterThanOrEqual(Math.max(1, wanted));
      }
    }
  });

  it.each([
    ['positive', seen, ['left-visible']],
    ['question', { ...seen, hidden: true }, ['no-reply-to-hidden']],
    ['question', { ...seen, live: true }, ['no-reply-to-live', 'operators-alerted']],
    ['question', { ...seen, muted: true }, ['left-to-person']],
    ['toxic', { ...seen, muted: true }, ['left-to-person']],
    ['question', { ...seen, own: true }, ['own-comment']],
  ] as const)('says why it does not go as usual: %s %j', (name, given, reasons) => {
    const { decisions } = triage(given, verdict(name, 100), presets.balanced);
    expect(decisions.map(({ reason }) => reason)).toEqual(reasons);
  });

  it('hides nothing of somebody on the allow-list', () => {
    const plan = triage({ ...seen, allowed: true }, verdict('toxic', 100), presets.classic);
    expect(plan).toMatchObject({ hide: 'none', alert: false, decisions: [{ reason: 'left-visible' }] });
  });
});

it('a comment of a live broadcast, one of a thread that is taken over, and one of our own are known as such', () => {
  const comment: Comment = {
    id: CommentId.parse('1'),
    accountId: AccountId.parse('9'),
    mediaId: undefined,
    parentId: undefined,
    authorId: undefined,
    username: undefined,
    text: '',
    mediaKind: 'FEED',
    adId: undefined,
    stage: 'received',
    receivedAt: new Date(0),
    verdict: undefined,
    hidden: false,
    outcome: undefined,
  };
  expect(circumstancesOf(comment)).toEqual(seen);
  expect(circumstancesOf({ ...comment, mediaKind: 'LIVE' })).toEqual({ ...seen, live: true });
  expect(circumstancesOf({ ...comment, outcome: 'own' })).toEqual({ ...seen, own: true });
  expect(circumstancesOf({ ...comment, hidden: true, takenOver: 'post' })).toEqual({
    ...seen,
    hidden: true,
    muted: true,
  });
});
