import { isRecord, type JsonSchema } from '../openai-schema.js';
import { wordsOf } from './words.js';

/** Deep enough for every schema in use; a schema that refers to itself ends here. */
const deepest = 8;

/** A value that fits the schema, chosen by the text where there is something to choose. */
export function fillSchema(schema: unknown, text: string, root: unknown = schema, depth = 0): unknown {
  if (!isRecord(schema) || depth > deepest) return null;
  if ('const' in schema) return schema['const'];
  const choices = schema['enum'];
  if (Array.isArray(choices)) return bestChoice(choices, text);
  const reference = schema['$ref'];
  if (typeof reference === 'string') return fillSchema(resolve(root, reference), text, root, depth + 1);
  const options = schema['anyOf'];
  if (Array.isArray(options)) return fillSchema(options[0], text, root, depth + 1);
  return fillType(schema, text, root, depth);
}

function fillType(schema: JsonSchema, text: string, root: unknown, depth: number): unknown {
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(isRecord(schema['properties']) ? schema['properties'] : {}).map(([name, part]) => [
          name,
          fillSchema(part, text, root, depth + 1),
        ]),
      );
    case 'array': {
      const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 0;
      return Array.from({ length: least }, () => fillSchema(schema['items'], text, root, depth + 1));
    }
    case 'string':
      return text.slice(0, 200);
    case 'integer':
    case 'number':
      return numberWithin(schema);
    case 'boolean':
      return false;
    default:
      return null;
  }
}

function numberWithin(schema: JsonSchema): number {
  const least = typeof schema['minimum'] === 'number' ? schema['minimum'] : 0;
  const most = typeof schema['maximum'] === 'number' ? schema['maximum'] : least + 100;
  return Math.floor((least + most) / 2);
}

function bestChoice(choices: readonly unknown[], text: string): unknown {
  const said = new Set(wordsOf(text));
  const hits = (choice: unknown): number => wordsOf(String(choice)).filter((word) => said.has(word)).length;
  let best = choices[0];
  for (const choice of choices) if (hits(choice) > hits(best)) best = choice;
  return best;
}

function resolve(root: unknown, reference: string): unknown {
  let node = root;
  for (const part of reference.split('/').slice(1)) node = isRecord(node) ? node[part] : undefined;
  return node;
}
