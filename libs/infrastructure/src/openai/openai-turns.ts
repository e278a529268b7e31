import type OpenAI from 'openai';

/** What the user says in one request: texts, one turn each, and the pictures that the first of them is about. */
interface Said {
  readonly turns: readonly string[];
  /** `data:image/jpeg;base64,…` */
  readonly images?: readonly string[] | undefined;
}

/** A picture takes about as many tokens as this at the vendors that tell; some compatible servers take more. */
export const tokensPerPicture = 1_500;

export function responsesInput({ turns, images = [] }: Said): OpenAI.Responses.EasyInputMessage[] {
  return turns.map((text, index) => {
    if (index > 0 || images.length === 0) return { role: 'user', content: text };
    const pictures = images.map((url) => ({ type: 'input_image' as const, image_url: url, detail: 'auto' as const }));
    return { role: 'user', content: [{ type: 'input_text', text }, ...pictures] };
  });
}

export function chatMessages({ turns, images = [] }: Said): OpenAI.Chat.ChatCompletionUserMessageParam[] {
  return turns.map((text, index) => {
    if (index > 0 || images.length === 0) return { role: 'user', content: text };
    const pictures = images.map((url) => ({ type: 'image_url' as const, image_url: { url } }));
    return { role: 'user', content: [{ type: 'text', text }, ...pictures] };
  });
}
