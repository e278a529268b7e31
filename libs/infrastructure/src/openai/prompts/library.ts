import { PromptLibrary } from '#domain/prompts/prompt-library.js';
import { classifyComment1 } from './classify-comment/1.js';
import { classifyComment2 } from './classify-comment/2.js';
import { writeReply1 } from './write-reply/1.js';
import { writeReply2 } from './write-reply/2.js';

/** Every version that this program holds. A new one is a new file and a line here; it is used when somebody chooses it. */
export function promptLibrary(): PromptLibrary {
  return new PromptLibrary([classifyComment1, classifyComment2, writeReply1, writeReply2], {
    'classify-comment': 1,
    'write-reply': 2,
  });
}
