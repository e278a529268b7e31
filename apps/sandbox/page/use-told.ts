import { useEffect, useState } from 'preact/hooks';
import { nothingTold, type Explanations, type Told } from './explanations.js';

/** What is known about a comment, kept fresh while it is on screen. */
export function useTold(explanations: Explanations, commentId: string): Told {
  const [told, setTold] = useState(nothingTold);
  useEffect(() => {
    const follow = (): void => setTold(explanations.get(commentId));
    follow();
    const unsubscribe = explanations.subscribe(follow);
    const unwatch = explanations.watch(commentId);
    return () => {
      unsubscribe();
      unwatch();
    };
  }, [explanations, commentId]);
  return told;
}

/** Why the system cannot be asked at the moment, if so. */
export function useProblem(explanations: Explanations): string | undefined {
  const [problem, setProblem] = useState(explanations.problem);
  useEffect(() => explanations.subscribe(() => setProblem(explanations.problem)), [explanations]);
  return problem;
}
