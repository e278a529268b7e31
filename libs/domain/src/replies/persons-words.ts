import { checkReply, forbiddenCharacters, type GateFinding } from './gate/check-reply.js';
import { replyLimits } from './reply-rules.js';
import { storableText } from '../shared/text.js';

interface PersonsWords {
  /** As they are kept and published. */
  readonly text: string;
  /** Why nobody may publish them, not even a person. */
  readonly refused: string | undefined;
  /** What the gate would hold a machine's answer back for. A person may mean it. */
  readonly warnings: readonly GateFinding[];
}

/**
 * The gate for people: it warns and does not decide. What it refuses is what readers cannot read, or could be misled by
 * without the writer seeing it.
 * @param sources what the brand's knowledge says about the comment and about these words
 */
export function wordsOfPerson(given: string, sources: readonly string[], question: string): PersonsWords {
  // Text fields give these; nobody means them.
  const text = storableText(given).replaceAll(/\r\n?/gu, '\n').replaceAll('\t', ' ').trim();
  const characters = [...text].length;
  const refused = refusalOf(characters, forbiddenCharacters.test(text));
  if (refused !== undefined) return { text, refused, warnings: [] };
  const findings = checkReply({ text, sources, question, instructions: '' });
  // A person cites nothing.
  return { text, refused, warnings: findings.filter(({ reason }) => reason !== 'gate-sources') };
}

function refusalOf(characters: number, hasForbidden: boolean): string | undefined {
  if (characters === 0) return 'The reply has no text.';
  if (characters > replyLimits.hard) {
    return `The reply has ${characters} characters; it may have ${replyLimits.hard}.`;
  }
  return hasForbidden ? 'The reply has characters that nobody sees: control, direction or invisible ones.' : undefined;
}
