import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type SourceFile, sourceFiles } from './source-files.js';

describe('a cast says what the compiler cannot know', () => {
  it('in a comment on its line or on the line above', async () => {
    expect((await sourceFiles('apps', 'libs', 'test')).flatMap(unexplainedCasts)).toEqual([]);
  });

  it('and this test tells explained casts from bare ones', () => {
    const text = [
      'const bare = row as Row;',
      'const told = row as Row; // the query names these columns',
      '// the query names these columns',
      'const toldAbove = row as Row;',
      "const literal = ['a'] as const;",
      'const url = "https://x" as Url;',
    ].join('\n');
    expect(unexplainedCasts({ path: 'planted.ts', text })).toEqual(['planted.ts:1', 'planted.ts:6']);
  });
});

/** `file:line` of each cast without a comment; `as const` needs none, and lint forbids the older `<Row>row`. */
function unexplainedCasts({ path, text }: SourceFile): string[] {
  if (!/\bas\b/.test(text)) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const lines = text.split('\n');
  const found: string[] = [];
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isAsExpression(node) || ts.isConstTypeReference(node.type)) return;
    const end = lineOf(node.end);
    const above = lines[lineOf(node.getStart(source)) - 1] ?? '';
    // The rest of the line may close brackets or open a block, but then the reason follows.
    const after = text.slice(node.end).split('\n', 1)[0] ?? '';
    if (/\/[/*]\s*\S+\s\S+/.test(after) || /^\s*(\/\/|\*\/|\*|\/\*)/.test(above)) return;
    found.push(`${path}:${end + 1}`);
  };
  visit(source);
  return found;
}
