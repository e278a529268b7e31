import { z } from 'zod';
import { bakeryPictures, type PictureNote } from '../bakery/pictures.js';
import type { ModelRequest } from '../openai-request.js';
import { pictureIn } from '../pictures.js';
import { answerFrom, type ModelCatalogue, type ModelPassage } from './answers.js';
import { fillSchema } from './fill.js';
import { verdictOn } from './verdicts.js';

export type ModelTask = 'classify' | 'answer' | 'describe' | 'other';

const content = z.looseObject({
  comment: z.looseObject({ text: z.string() }),
  passages: z.array(z.looseObject({ id: z.string(), title: z.string().catch(''), text: z.string() })).optional(),
  catalogue: z.looseObject({ fits: z.array(z.string()) }).nullish(),
});

export interface ModelQuestion {
  readonly task: ModelTask;
  /** The comment when the request is about one, a picture's name when it is about that, else the user's whole text. */
  readonly text: string;
  readonly passages: readonly ModelPassage[];
  readonly catalogue?: ModelCatalogue | undefined;
}

/** What the request is about; a second user turn (a plea to repair) changes nothing in it. */
export function questionOf(request: ModelRequest): ModelQuestion {
  const turns = request.turns.filter(({ role }) => role === 'user');
  const read = turns.map(({ text }) => readContent(text)).find((found) => found !== undefined);
  if (taskOf(request) === 'describe') {
    const picture = request.turns.flatMap(({ images }) => images ?? []).map(pictureIn)[0];
    return { task: 'describe', text: picture ?? 'an unknown picture', passages: [] };
  }
  return {
    task: taskOf(request),
    text: read?.comment.text ?? turns.map(({ text }) => text).join('\n'),
    passages: read?.passages ?? [],
    catalogue: read?.catalogue ?? undefined,
  };
}

/** The model's output text. */
export function outputFor(request: ModelRequest, question: ModelQuestion): string {
  switch (question.task) {
    case 'classify':
      return JSON.stringify(verdictOn(question.text));
    case 'answer':
      return JSON.stringify(answerFrom(question.text, question.passages, question.catalogue));
    case 'describe':
      return JSON.stringify(bakeryPictures[question.text] ?? strangePicture);
    case 'other':
      return request.schema === undefined
        ? 'The sandbox only plays a model.'
        : JSON.stringify(fillSchema(request.schema.schema, question.text));
  }
}

const strangePicture: PictureNote = {
  seen: 'Something that the sandbox does not know.',
  text: '',
  prices: [],
  dates: [],
  products: [],
  people: '',
};

const noteShape = z.looseObject({
  properties: z.strictObject({
    seen: z.unknown(),
    text: z.unknown(),
    prices: z.unknown(),
    dates: z.unknown(),
    products: z.unknown(),
    people: z.unknown(),
  }),
});
const verdictShape = z.looseObject({
  properties: z.strictObject({
    class: z.looseObject({ enum: z.array(z.string()) }),
    confidence: z.unknown(),
    reason: z.unknown(),
    language: z.unknown(),
  }),
});
const answerShape = z.looseObject({
  properties: z.strictObject({ answerable: z.unknown(), answer: z.unknown(), sources: z.unknown() }),
});

/** By the shape that is wanted, not by the schema's name: another shape is filled as it asks to be. */
function taskOf({ schema }: ModelRequest): ModelTask {
  if (schema === undefined) return 'other';
  if (verdictShape.safeParse(schema.schema).success) return 'classify';
  if (noteShape.safeParse(schema.schema).success) return 'describe';
  return answerShape.safeParse(schema.schema).success ? 'answer' : 'other';
}

function readContent(text: string): z.infer<typeof content> | undefined {
  try {
    return content.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
