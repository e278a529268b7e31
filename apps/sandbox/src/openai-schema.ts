/** Keywords that strict mode does not know. */
const forbidden = ['allOf', 'not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas', 'patternProperties'];

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * What the vendor refuses about a strict schema: every object closed, every property required.
 * @returns the refusal, undefined for a good schema
 */
export function schemaProblem(schema: unknown): string | undefined {
  if (!isRecord(schema)) return 'schema must be a JSON Schema of \'type: "object"\', got \'type: "None"\'.';
  if (schema['type'] !== 'object') {
    return `schema must be a JSON Schema of 'type: "object"', got 'type: ${JSON.stringify(schema['type'] ?? 'None')}'.`;
  }
  return partProblem(schema, []);
}

function partProblem(schema: unknown, path: readonly string[]): string | undefined {
  const where = `In context=(${path.map((part) => `'${part}'`).join(', ')})`;
  if (!isRecord(schema)) return `${where}, a schema must be an object.`;
  const wrong = forbidden.find((keyword) => keyword in schema);
  if (wrong !== undefined) return `${where}, '${wrong}' is not permitted.`;
  if (isObjectSchema(schema)) {
    const problem = objectProblem(schema);
    if (problem !== undefined) return `${where}, ${problem}`;
  }
  return firstProblem(children(schema), path);
}

function objectProblem(schema: JsonSchema): string | undefined {
  if (schema['additionalProperties'] !== false) {
    return "'additionalProperties' is required to be supplied and to be false.";
  }
  const names = Object.keys(isRecord(schema['properties']) ? schema['properties'] : {});
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const missing = names.find((name) => !required.includes(name));
  if (missing !== undefined) {
    return `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
  }
  const extra = required.find((name) => !names.includes(String(name)));
  return extra === undefined ? undefined : `Extra required key '${String(extra)}' supplied.`;
}

function children(schema: JsonSchema): (readonly [string, unknown])[] {
  const found: (readonly [string, unknown])[] = [];
  for (const key of ['properties', '$defs', 'definitions']) {
    const parts = schema[key];
    if (isRecord(parts)) found.push(...Object.entries(parts));
  }
  if ('items' in schema) found.push(['items', schema['items']]);
  const choices = schema['anyOf'];
  if (Array.isArray(choices)) found.push(...choices.map((choice, index) => [`anyOf.${index}`, choice] as const));
  return found;
}

function firstProblem(parts: (readonly [string, unknown])[], path: readonly string[]): string | undefined {
  for (const [name, part] of parts) {
    const problem = partProblem(part, [...path, name]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isObjectSchema(schema: JsonSchema): boolean {
  const type = schema['type'];
  return type === 'object' || (Array.isArray(type) && type.includes('object'));
}

export function isRecord(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
