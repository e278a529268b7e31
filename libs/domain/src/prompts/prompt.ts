import type { CommentId } from '../shared/ids.js';

/** What the model is instructed for. */
export const promptTasks = ['classify-comment', 'write-reply'] as const;
export type PromptTask = (typeof promptTasks)[number];

/**
 * What may stand in a prompt as `{{name}}`: the closed list. `brand`: the account's user name. It stands at the end of
 * the text, if at all: vendors cache equal beginnings of requests.
 */
export const promptVariables = ['brand'] as const;
export type PromptVariable = (typeof promptVariables)[number];

/** One version of our instructions to the model, as a file of the program. A text that was in use is never changed. */
export interface Prompt {
  readonly task: PromptTask;
  /** 1, 2, 3 … */
  readonly version: number;
  /** One line for whoever chooses between versions. */
  readonly about: string;
  /** Those that its text has. */
  readonly variables: readonly PromptVariable[];
  readonly text: string;
}

/** As verdicts and drafts remember it: `classify-comment@1`. */
export function promptName({ task, version }: Pick<Prompt, 'task' | 'version'>): string {
  return `${task}@${version}`;
}

const placeholder = /\{\{(.*?)\}\}/gsu;

/** @returns what is wrong with its variables, one sentence each; nothing when it can be used */
export function problemsOf(prompt: Prompt): readonly string[] {
  const used = new Set([...prompt.text.matchAll(placeholder)].map(([, name = '']) => name));
  const known: readonly string[] = promptVariables;
  const said: readonly string[] = prompt.variables;
  const name = promptName(prompt);
  const unclosed = prompt.text.replaceAll(placeholder, '').match(/\{\{|\}\}/u);
  return [
    ...[...used].filter((each) => !known.includes(each)).map((each) => `${name}: there is no variable {{${each}}}`),
    ...[...used]
      .filter((each) => known.includes(each) && !said.includes(each))
      .map((each) => `${name}: {{${each}}} stands in the text and not in its variables`),
    ...said.filter((each) => !used.has(each)).map((each) => `${name}: {{${each}}} does not stand in the text`),
    ...(unclosed ? [`${name}: ${unclosed[0]} without its other half`] : []),
    ...(Number.isInteger(prompt.version) && prompt.version >= 1 ? [] : [`${name}: versions are 1, 2, 3 and so on`]),
  ];
}

/** A name is shorter; whatever comes from outside is bounded and one line. */
const longestValue = 100;

/** The text for the model. Values are put in once and as they are: one that looks like a variable stays what it is. */
export function instructionsFrom(prompt: Prompt, values: Readonly<Record<PromptVariable, string>>): string {
  const known: ReadonlyMap<string, string> = new Map(Object.entries(values));
  return prompt.text.replaceAll(placeholder, (_, name: string) =>
    [...(known.get(name) ?? '').replaceAll(/[\p{C}\p{Z}]+/gu, ' ')].slice(0, longestValue).join(''),
  );
}

/** Which version a task uses, as people chose it. */
export interface PromptChoice {
  /** Undefined: the program's usual one. */
  readonly active: number | undefined;
  readonly trial: PromptTrial | undefined;
}

export interface PromptTrial {
  readonly version: number;
  /** Percent of the comments, 0 to `largestShare`. */
  readonly share: number;
}

/** A trial stays the smaller part: the version in use is the active one. */
export const largestShare = 50;

export const noChoice: PromptChoice = { active: undefined, trial: undefined };

/** What was chosen for the account holds before what was chosen for all; who fixed a version takes no part in trials of all. */
export function choiceFor(forAll: PromptChoice, own: PromptChoice | undefined): PromptChoice {
  if (!own) return forAll;
  return {
    active: own.active ?? forAll.active,
    trial: own.trial ?? (own.active === undefined ? forAll.trial : undefined),
  };
}

export interface ChosenVersion {
  readonly version: number;
  /** Versions that the choice names and this program does not hold. */
  readonly unknown: readonly number[];
}

/**
 * The version for one comment: always the same for the same comment and choice. A version that this program does not
 * hold (it was chosen by a newer one, during a deploy) is replaced: an active one by the newest known, a trial by none.
 * @param known versions that the program holds, at least one
 */
export function versionFor(
  { active, trial }: PromptChoice,
  known: readonly number[],
  usual: number,
  commentId: CommentId,
): ChosenVersion {
  const wanted = active ?? usual;
  const unknown = [wanted, ...(trial ? [trial.version] : [])].filter((version) => !known.includes(version));
  if (trial && known.includes(trial.version) && percentileOf(`${trial.version} ${commentId}`) < trial.share) {
    return { version: trial.version, unknown };
  }
  return { version: known.includes(wanted) ? wanted : Math.max(...known), unknown };
}

/** 0 to 99, evenly spread and the same everywhere (FNV-1a, mixed as in MurmurHash3: ids that follow each other lie apart). */
function percentileOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % 100;
}
