import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { Explanations } from './explanations.js';
import { readState } from './sandbox-api.js';
import { listen, type Connection } from './sandbox-events.js';
import { changeWorld, customerCommentsWith, emptyWorld, type World, type WorldChange } from './world.js';

export interface Sandbox {
  readonly world: World;
  readonly connection: Connection;
  /** Why there is nothing to show yet. */
  readonly problem: string | undefined;
  readonly explanations: Explanations;
  readAgain(): Promise<void>;
}

/** The live picture of the sandbox: its state once, then its events. */
export function useSandbox(): Sandbox {
  const [world, change] = useReducer(changeWorld, emptyWorld);
  const [connection, setConnection] = useState<Connection>('connecting');
  const [problem, setProblem] = useState<string>();
  const explanations = useMemo(() => new Explanations(), []);
  const current = useRef(world);
  current.current = world;

  const readAgain = async (): Promise<void> => {
    try {
      change({ type: 'state', state: await readState() });
      setProblem(undefined);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };

  useEffect(() => {
    void readAgain();
    return listen({
      change: (next) => {
        change(next);
        for (const id of touchedBy(next, current.current)) explanations.lookAgain(id);
      },
      stale: () => void readAgain(),
      connection: setConnection,
    });
  }, []);

  return { world, connection, problem, explanations, readAgain };
}

/** The comments about which there may be something new to tell after this change. */
function touchedBy(change: WorldChange, { state }: World): readonly string[] {
  switch (change.type) {
    case 'comment':
      return change.comment.own && change.comment.parentId
        ? inThread(change.comment.parentId, state)
        : [change.comment.id];
    case 'hidden':
      return [change.id];
    case 'delivery':
      return change.delivery.ids;
    case 'model-begins':
      return customerCommentsWith(change.call.commentText, state).map(({ id }) => id);
    default:
      return [];
  }
}

/** A reply of ours stands in the thread and does not say which voice in it was answered. */
function inThread(topLevelId: string, state: World['state']): readonly string[] {
  const top = state?.posts.flatMap(({ comments }) => comments).find(({ id }) => id === topLevelId);
  return top ? [top.id, ...top.replies.filter(({ own }) => !own).map(({ id }) => id)] : [];
}
