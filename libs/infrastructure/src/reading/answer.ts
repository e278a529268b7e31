import { z } from 'zod';
import { fileRefusals } from '#domain/knowledge/document-reader.js';

const Block = z.object({ headings: z.array(z.string()).readonly(), text: z.string(), place: z.string().optional() });

/** What the reader's process writes, one to a line: that it runs, blocks as they are read, and at last how it ended. */
export const ReaderLine = z.union([
  z.object({ blocks: z.array(Block).readonly() }),
  z.object({ refused: z.enum(fileRefusals), detail: z.string() }),
  z.object({ state: z.enum(['started', 'done']) }),
]);
export type ReaderLine = z.output<typeof ReaderLine>;
