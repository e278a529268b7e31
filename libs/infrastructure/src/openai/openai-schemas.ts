import { z } from 'zod';

// What model servers answer: only the fields we use. The SDK's types promise more than compatible servers keep.

const content = z.object({ type: z.string(), text: z.string().nullish(), refusal: z.string().nullish() });

const tokens = z.number();
// Absent at many compatible servers; what they make of it must not cost an answer.
const cached = z
  .object({ cached_tokens: tokens.nullish().catch(null) })
  .nullish()
  .catch(null);

export const responsesAnswer = z.object({
  status: z.string().nullish(),
  error: z.object({ code: z.string().nullish() }).nullish(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  output: z.array(z.object({ type: z.string(), content: z.array(content).nullish() })),
  usage: z.object({ input_tokens: tokens, output_tokens: tokens, input_tokens_details: cached }).nullish(),
});

export const chatAnswer = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens, prompt_tokens_details: cached }).nullish(),
});

export const embeddingsAnswer = z.object({
  data: z.array(z.object({ index: z.number(), embedding: z.array(z.number()) })),
  usage: z.object({ prompt_tokens: tokens }).nullish(),
});
