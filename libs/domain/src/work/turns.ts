/** Work on a clock that one process at a time does for all: the others find that it is not their turn. */
export interface Turn {
  readonly name: string;
  readonly number: number;
}

/** All times are the database's. */
export abstract class Turns {
  /**
   * Takes the turn when it is time and nobody has it.
   * @param forMs how long it is ours: who dies with it delays the next one by that much
   */
  abstract take(name: string, forMs: number): Promise<Turn | undefined>;
  /** Gives it back; the next one may be taken after so long. Does nothing when somebody else has taken over. */
  abstract finish(turn: Turn, againInMs: number): Promise<void>;
}
