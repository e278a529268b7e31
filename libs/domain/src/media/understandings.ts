import type { MediaId } from '../shared/ids.js';

/** `pending`: being made, or to be made · `ready` · `failed`: nobody tries again by itself · `edited`: by a person. */
export const understandingStates = ['pending', 'ready', 'failed', 'edited'] as const;
export type UnderstandingState = (typeof understandingStates)[number];

/** What can be seen in a post's pictures, and how far finding it out is. */
export interface Understanding {
  readonly mediaId: MediaId;
  readonly state: UnderstandingState;
  /** What it is of, as `contentOf`. */
  readonly content: string;
  readonly text: string | undefined;
  /** Why there is none, or not all of it. */
  readonly problem: string | undefined;
  readonly model: string | undefined;
  readonly promptVersion: string | undefined;
  /** When the text was made or edited. */
  readonly madeAt: Date | undefined;
  /** Somebody is at it now. */
  readonly underWay: boolean;
}

/** The right to describe one post until it runs out (database time). A holder who is late writes nothing. */
export interface DescribingTurn {
  readonly mediaId: MediaId;
  readonly epoch: number;
  /** With this one. */
  readonly tries: number;
}

export interface Described {
  readonly text: string;
  readonly problem: string | undefined;
  readonly model: string;
  readonly promptVersion: string;
}

/** The descriptions of posts (CL-3). Who has the turn pays the model; nobody pays twice unless the first one died. */
export abstract class Understandings {
  abstract find(id: MediaId): Promise<Understanding | undefined>;
  /**
   * The turn to describe this content, for so long, in milliseconds. Undefined: there is a description, nothing helps, a
   * person wrote it, somebody is at it, or it waits for its time.
   */
  abstract take(id: MediaId, content: string, forMs: number): Promise<DescribingTurn | undefined>;
  /** Does nothing when the turn is over. */
  abstract keep(turn: DescribingTurn, described: Described): Promise<void>;
  /** @param againInMs left out: nobody tries again by itself */
  abstract putOff(turn: DescribingTurn, problem: string, againInMs?: number): Promise<void>;
  /** A person's words: no machine writes over them. */
  abstract edit(id: MediaId, content: string, text: string): Promise<Understanding>;
  /** It is described anew soon, also when a person wrote it; what there is stays until then. */
  abstract askAnew(id: MediaId, content: string): Promise<Understanding>;
  /** Posts whose description is due, the longest waiting first. */
  abstract due(limit: number): Promise<readonly MediaId[]>;
}
