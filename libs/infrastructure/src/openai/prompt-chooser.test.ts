import { describe, expect, it } from 'vitest';
import type { Classification, CommentContext } from '#domain/comments/comment-classifier.js';
import { noChoice, promptName, type PromptChoice } from '#domain/prompts/prompt.js';
import { incoming, verdictOf } from '../../../../test/support/rows.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { CachedPromptChoices } from '../cache/cached-prompt-choices.js';
import { OncePerText } from '../cache/once-per-text.js';
import { PromptChooser, WithChosenPrompt } from './prompt-chooser.js';
import { promptLibrary } from './prompts/library.js';

const library = promptLibrary();
const contextOf = (id: string): CommentContext => ({
  comment: {
    ...incoming(id),
    stage: 'received',
    receivedAt: new Date(0),
    verdict: undefined,
    hidden: false,
    outcome: undefined,
  },
  brand: { username: 'warm.bread' },
  media: undefined,
  thread: [],
});

describe('the version of a prompt', () => {
  it('is that of the choice in force; one that this program does not hold is warned about once', async () => {
    let choice: PromptChoice = noChoice;
    const said: unknown[] = [];
    const logger = { warn: (about: unknown) => void said.push(about) };
    const chooser = new PromptChooser(library, { inForce: async () => await Promise.resolve(choice) }, logger);
    const { comment } = contextOf('1');
    expect(promptName(await chooser.choose('classify-comment', comment))).toBe('classify-comment@1');
    choice = { active: 2, trial: undefined };
    expect(promptName(await chooser.choose('classify-comment', comment))).toBe('classify-comment@2');
    choice = { active: 99, trial: undefined };
    await chooser.choose('classify-comment', comment);
    expect(promptName(await chooser.choose('classify-comment', comment))).toBe('classify-comment@2');
    expect(said).toEqual([{ task: 'classify-comment', missing: 99, used: 2 }]);
  });

  // audit 71, CL-4
  it('decides which verdict an equal comment takes over: none of another version', async () => {
    let choice: PromptChoice = { active: 1, trial: undefined };
    const asked: (string | undefined)[] = [];
    const stored = new Map<string, Classification>();
    const model = {
      classify: async ({ prompt }: CommentContext): Promise<Classification> => {
        asked.push(prompt && promptName(prompt));
        return await Promise.resolve({ kind: 'verdict', verdict: verdictOf('question'), repaired: false });
      },
    };
    const find = async (likeness: string) => {
      const found = stored.get(likeness);
      return await Promise.resolve(found?.kind === 'verdict' ? found.verdict : undefined);
    };
    const once = new OncePerText(model, { find }, ({ prompt }) => `m ${prompt ? promptName(prompt) : ''}`);
    const chooser = new PromptChooser(
      library,
      { inForce: async () => await Promise.resolve(choice) },
      { warn: () => undefined },
    );
    const classifier = new WithChosenPrompt(chooser, once);
    const ask = async (id: string): Promise<void> => {
      const decided = await classifier.classify(contextOf(id));
      if (decided.kind === 'verdict' && decided.verdict.likeness !== undefined)
        stored.set(decided.verdict.likeness, decided);
    };
    await ask('1');
    await ask('2');
    choice = { active: 2, trial: undefined };
    await ask('3');
    await ask('4');
    expect(asked).toEqual(['classify-comment@1', 'classify-comment@2']);
  });

  // audit 39
  it('that was chosen elsewhere is followed within five seconds, and asked for once until then', async () => {
    let asked = 0;
    let choice: PromptChoice = noChoice;
    const clock = new VirtualClock();
    const nothing = async (): Promise<void> => await Promise.resolve();
    const cached = new CachedPromptChoices(
      {
        list: async () => await Promise.resolve([]),
        inForce: async () => {
          asked += 1;
          return await Promise.resolve(choice);
        },
        activate: nothing,
        try: nothing,
      },
      () => clock.elapsedMs(),
    );
    const { accountId } = contextOf('1').comment;
    const ask = async (): Promise<PromptChoice> => await cached.inForce('classify-comment', accountId);
    await Promise.all(Array.from({ length: 100 }, ask));
    expect(asked).toBe(1);
    choice = { active: 2, trial: undefined };
    expect(await ask()).toEqual(noChoice);
    clock.pass(5_001);
    expect(await ask()).toEqual(choice);
    choice = { active: 1, trial: undefined };
    await cached.activate('classify-comment', undefined, 1); // here it is followed at once
    expect(await ask()).toEqual(choice);
  });
});
