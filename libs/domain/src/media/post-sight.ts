import { Accounts } from '../accounts/accounts.js';
import { Platforms, type Picture } from '../platforms/platform.js';
import { AppError, kindOf, messageOf } from '../shared/errors.js';
import type { MediaId } from '../shared/ids.js';
import { contentOf, type Media } from './media.js';
import { MediaLibrary } from './media-library.js';
import { PictureDescriber, type PictureDescription } from './picture-describer.js';
import { Understandings, type Described, type DescribingTurn } from './understandings.js';

/** A comment waits so long for the description of its post, in milliseconds; then it goes on without. */
export const waitsForSightMs = 8_000;
/** A turn: reading the post, and three rounds of pictures at their deadlines. */
const turnMs = 240_000;
/** Calls at once for one post: its comments wait. */
const atOnce = 4;
/** A platform's posts have up to twenty; the first ones say what the post is about. */
export const mostPictures = 10;
/** How often another process is asked whether it is ready. */
const lookEveryMs = 500;
/** So long a post that has no description for now costs no question per comment. */
const asksAgainAfterMs = 30_000;
const mostWithout = 1_000;
const firstPauseMs = 60_000;
const longestPauseMs = 3_600_000;
/** With the pauses between them about half a day: the longest outage that is waited for. */
const mostTries = 16;
const problemLimit = 300;

/** Nothing that time heals. */
const forGood: ReadonlySet<ReturnType<typeof kindOf>> = new Set([
  'bug',
  'gone',
  'invalid',
  'rejected',
  'not-found',
  'forbidden',
]);

type Look =
  | { readonly kind: 'seen'; readonly description: Extract<PictureDescription, { kind: 'described' }> }
  | { readonly kind: 'unseen'; readonly problem: string; readonly forGood: boolean };

export interface Surroundings {
  /** Hears of what could not even be noted; it is done again when the turn has run out. */
  readonly untold: (error: unknown) => void;
  /** Resolves after so many milliseconds, or earlier when the signal fires. */
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A clock that only goes forward. */
  readonly elapsedMs: () => number;
}

/** Describes a post's pictures once, for all who comment under it (CL-3). */
export class PostSight {
  readonly #underWay = new Map<MediaId, Promise<string | undefined>>();
  /** Posts that have none for now, and until when nobody asks again, by the clock that only goes forward. */
  readonly #without = new Map<MediaId, number>();

  constructor(
    private readonly understandings: Understandings,
    private readonly library: MediaLibrary,
    private readonly accounts: Accounts,
    private readonly platforms: Platforms,
    private readonly describer: PictureDescriber,
    private readonly surroundings: Surroundings,
  ) {}

  /** The post with its description, when there is one within the time that a comment may wait. */
  async withSight(media: Media): Promise<Media> {
    if (media.understanding !== undefined || (media.pictures ?? []).length === 0) return media;
    if ((this.#without.get(media.id) ?? 0) > this.surroundings.elapsedMs()) return media;
    const waiting = new AbortController();
    const understanding = await Promise.race([
      this.#described(media),
      this.surroundings.pause(waitsForSightMs, waiting.signal).then(() => undefined),
    ]);
    waiting.abort();
    return understanding === undefined ? media : { ...media, understanding };
  }

  /** Describes what is due: left behind by a process that died, put off, or wanted anew by a person. @returns how many */
  async catchUp(limit: number): Promise<number> {
    const due = await this.understandings.due(limit);
    for (const id of due) {
      const media = await this.library.find(id);
      if (media) await this.#described(media);
    }
    return due.length;
  }

  /** All who ask at the same time share one answer. Never throws: a comment does not fail because of a picture. */
  async #described(media: Media): Promise<string | undefined> {
    const underWay = this.#underWay.get(media.id) ?? this.#begin(media);
    this.#underWay.set(media.id, underWay);
    return await underWay;
  }

  async #begin(media: Media): Promise<string | undefined> {
    try {
      const turn = await this.understandings.take(media.id, contentOf(media), turnMs);
      return turn ? await this.#describe(turn, media) : await this.#fromAnother(media);
    } catch (error) {
      this.surroundings.untold(error);
      return undefined;
    } finally {
      this.#underWay.delete(media.id);
    }
  }

  /** Somebody else is at it, or it is decided: looked at again for as long as a comment may wait. */
  async #fromAnother(media: Media): Promise<string | undefined> {
    for (let waited = 0; ; waited += lookEveryMs) {
      const found = await this.understandings.find(media.id);
      const holds = found?.state === 'edited' || found?.content === contentOf(media);
      if (found?.text !== undefined && holds) return found.text;
      if (!found?.underWay) this.#rememberWithout(media.id);
      if (!found?.underWay || waited >= waitsForSightMs) return undefined;
      await this.surroundings.pause(lookEveryMs);
    }
  }

  #rememberWithout(id: MediaId): void {
    if (this.#without.size >= mostWithout) this.#without.clear();
    this.#without.set(id, this.surroundings.elapsedMs() + asksAgainAfterMs);
  }

  async #describe(turn: DescribingTurn, media: Media): Promise<string | undefined> {
    try {
      const looks = await this.#lookAtAll(media);
      const described = together(looks);
      if (described) {
        await this.understandings.keep(turn, described);
        await this.library.changed(media.id);
        return described.text;
      }
      await this.#putOff(
        turn,
        problemsOf(looks),
        looks.every((look) => look.kind === 'unseen' && look.forGood),
      );
    } catch (error) {
      await this.#putOff(turn, messageOf(error), forGood.has(kindOf(error)));
      if (kindOf(error) === 'bug') this.surroundings.untold(error);
    }
    return undefined;
  }

  async #putOff(turn: DescribingTurn, problem: string, never: boolean): Promise<void> {
    const againInMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (turn.tries - 1));
    const ends = never || turn.tries >= mostTries;
    await this.understandings.putOff(turn, problem.slice(0, problemLimit), ends ? undefined : againInMs);
  }

  async #lookAtAll(media: Media): Promise<readonly Look[]> {
    const { platform } = await this.accounts.get(media.accountId);
    const { pictures } = this.platforms.get(platform).media;
    if (!pictures) throw new AppError('rejected', 'the platform shows no pictures');
    const shown = await pictures.read({ accountId: media.accountId, mediaId: media.id, most: mostPictures });
    const looks: Look[] = [];
    // In rounds: a carousel of ten is three times as long as one picture, and takes no more than its share.
    for (let at = 0; at < shown.length; at += atOnce) {
      const round = shown.slice(at, at + atOnce).map(async (picture) => await this.#lookAt(media, picture));
      looks.push(...(await Promise.all(round)));
    }
    if (looks.length === 0) throw new AppError('rejected', 'the platform shows no picture of this post');
    return looks;
  }

  async #lookAt({ accountId, caption }: Media, picture: Picture): Promise<Look> {
    try {
      const image = await picture.load();
      const description = await this.describer.describe({ accountId, image, caption });
      if (description.kind === 'described') return { kind: 'seen', description };
      return {
        kind: 'unseen',
        problem: `${description.kind}: ${description.detail}`,
        forGood: description.kind !== 'over-budget',
      };
    } catch (error) {
      return { kind: 'unseen', problem: messageOf(error), forGood: forGood.has(kindOf(error)) };
    }
  }
}

/** One text for the post; undefined when none of its pictures could be looked at. Part of them is better than nothing. */
function together(looks: readonly Look[]): Described | undefined {
  const first = looks.find((look) => look.kind === 'seen');
  if (!first) return undefined;
  const texts = looks.map((look, index) => {
    const said = look.kind === 'seen' ? look.description.text : 'could not be looked at.';
    return looks.length === 1 ? said : `Picture ${index + 1} of ${looks.length}: ${said}`;
  });
  const problem = looks.some(({ kind }) => kind === 'unseen') ? problemsOf(looks) : undefined;
  const { model, promptVersion } = first.description;
  return { text: texts.join('\n'), problem: problem?.slice(0, problemLimit), model, promptVersion };
}

function problemsOf(looks: readonly Look[]): string {
  const unseen = looks.flatMap((look, index) => (look.kind === 'unseen' ? [{ number: index + 1, ...look }] : []));
  return unseen.map(({ number, problem }) => `Picture ${number} of ${looks.length}: ${problem}`).join(' ');
}
