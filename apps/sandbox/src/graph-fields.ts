/** One wanted field with its wanted sub-fields, as in `replies.limit(5){id,text}`. */
export interface WantedField {
  readonly name: string;
  readonly fields: readonly WantedField[];
}

/** @returns undefined when the braces do not close */
export function parseFields(text: string): readonly WantedField[] | undefined {
  const parts = splitTopLevel(text);
  if (parts === undefined) return undefined;
  const fields: WantedField[] = [];
  for (const part of parts) {
    const match = /^([a-z_]+)(?:\.[a-z]+\([^)]*\))*(?:\{(.*)\})?$/s.exec(part);
    if (match?.[1] === undefined) return undefined;
    const inner = match[2] === undefined ? [] : parseFields(match[2]);
    if (inner === undefined) return undefined;
    fields.push({ name: match[1], fields: inner });
  }
  return fields;
}

function splitTopLevel(text: string): string[] | undefined {
  const parts: string[] = [];
  let depth = 0;
  let current = '';
  for (const character of text) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth < 0) return undefined;
    if (character === ',' && depth === 0) {
      parts.push(current.trim());
      current = '';
    } else current += character;
  }
  if (depth !== 0) return undefined;
  return [...parts, current.trim()].filter((part) => part !== '');
}

export type Node = Readonly<Record<string, (fields: readonly WantedField[]) => unknown>>;
export type Projection =
  | { readonly kind: 'node'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'unknown-field'; readonly name: string };

/** The wanted fields of a node; `id` always comes along, and fields without a value are left out, as Meta does. */
export function project(node: Node, wanted: readonly WantedField[]): Projection {
  const value: Record<string, unknown> = {};
  for (const field of [...wanted, { name: 'id', fields: [] }]) {
    const read = Object.hasOwn(node, field.name) ? node[field.name] : undefined;
    if (read === undefined) return { kind: 'unknown-field', name: field.name };
    const found = read(field.fields);
    if (found !== undefined) value[field.name] = found;
  }
  return { kind: 'node', value };
}
