import { z } from 'zod';
import type { PictureDescriber, PictureDescription, PictureToDescribe } from '#domain/media/picture-describer.js';
import { cutText, storableText } from '#domain/shared/text.js';
import { cutToTokens } from '#domain/shared/tokens.js';
import type { OpenAiApi } from './openai-api.js';
import { contextBudget } from './prompt-data.js';
import { describePicture } from './prompts/describe-picture.js';
import { outputFormat, structuredCall } from './structured-call.js';

const noteFormat = outputFormat(
  'picture_note',
  z.object({
    seen: z.string(),
    text: z.string(),
    prices: z.array(z.string()),
    dates: z.array(z.string()),
    products: z.array(z.string()),
    people: z.string(),
  }),
);
type Note = z.output<typeof noteFormat.schema>;

const maxOutputTokens = 1_500;
/** Of one of its parts: a menu on a picture is long, and its prices are noted apart. */
const partLimit = 600;

export class OpenAiPictureDescriber implements PictureDescriber {
  /**
   * @param model the first of `settings.visionModels`
   * @param fallbacks the others
   */
  constructor(
    private readonly api: OpenAiApi,
    private readonly model: string,
    private readonly fallbacks: readonly string[] = [],
  ) {}

  async describe({ accountId, image, caption }: PictureToDescribe): Promise<PictureDescription> {
    const result = await structuredCall(this.api, {
      purpose: 'vision',
      model: this.model,
      fallbacks: this.fallbacks,
      promptVersion: describePicture.version,
      spender: { accountId },
      instructions: describePicture.instructions,
      content: JSON.stringify({ caption: caption === undefined ? null : cutToTokens(caption, contextBudget.caption) }),
      images: [image],
      format: noteFormat,
      maxOutputTokens,
      safetyIdentifier: undefined,
    });
    if (result.kind === 'over-budget') return { kind: result.kind, detail: result.detail };
    if (result.kind === 'refused') return { kind: 'refused', detail: result.detail };
    if (result.kind !== 'parsed') return { kind: 'unreadable', detail: `${result.kind}: ${result.detail}` };
    return {
      kind: 'described',
      text: textOf(result.value),
      model: result.model,
      promptVersion: describePicture.version,
    };
  }
}

/** As people would write it down; what is not there is not mentioned. */
function textOf({ seen, text, prices, dates, products, people }: Note): string {
  const part = (name: string, ...said: readonly string[]): readonly string[] => {
    const all = said.map((each) => storableText(each).replaceAll(/\s+/gu, ' ').trim()).filter((each) => each !== '');
    return all.length === 0 ? [] : [`${name}${cutText(all.join('; '), partLimit)}`];
  };
  return [
    ...part('', seen),
    ...part('Words in it: ', text),
    ...part('Prices: ', ...prices),
    ...part('Dates: ', ...dates),
    ...part('Products: ', ...products),
    ...part('People: ', people),
  ].join('\n');
}
