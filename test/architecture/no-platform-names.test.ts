import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type SourceFile, sourceFiles } from './source-files.js';

/** Platforms, vendors and technologies. The core speaks of a platform, a model, a queue, a database, a chat. */
const names =
  /instagram|facebook|youtube|tiktok|telegram|openai|chatgpt|anthropic|bullmq|redis|postgres|pgvector|typeorm|nestjs|fastify|opossum/i;

describe('the core names no platform, vendor or technology', () => {
  it('in the code of libs/domain and libs/use-cases', async () => {
    const core = (await sourceFiles('libs/domain', 'libs/use-cases')).filter(({ path }) => !path.endsWith('.test.ts'));
    expect(core.length).toBeGreaterThan(0);
    expect(core.flatMap(namesIn)).toEqual([]);
  });

  it('and this test sees identifiers, strings and templates, but not comments that cite a vendor quirk', () => {
    const text = [
      '// Instagram ids exceed 2^53.',
      'export const instagramId = 1;',
      "export const platform = 'YouTube';",
      'export const line = `via ${platform} and telegram`; /* openai */',
    ].join('\n');
    expect(namesIn({ path: 'planted.ts', text })).toEqual([
      'planted.ts:2 instagramId',
      "planted.ts:3 'YouTube'",
      'planted.ts:4 } and telegram`',
    ]);
  });
});

/** `file:line token` of each token of the code, comments left out, that holds a forbidden name. */
function namesIn({ path, text }: SourceFile): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    let isLeaf = true;
    ts.forEachChild(node, (child) => {
      isLeaf = false;
      visit(child);
    });
    const token = node.getText(source);
    if (!isLeaf || !names.test(token)) return;
    found.push(`${path}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1} ${token}`);
  };
  visit(source);
  return found;
}
