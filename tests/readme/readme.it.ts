import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { needs } from '@pod-patterns/kit/testing/needs';
import { describe, expect, it } from 'vitest';
import { blocksOf, programsOf, runBlocks } from './run-blocks.ts';

const root = join(import.meta.dirname, '../..');
const readmes = globSync(['*.md', 'packages/*/README.md', 'k8s/**/README.md', 'docs/**/*.md'], { cwd: root });

describe.each(readmes.map((file) => [file] as const))('%s', (readme) => {
  const blocks = blocksOf(readme, undefined);

  if (blocks.length > 0) {
    it('shows commands that work, with what they print', needs(...programsOf(blocks)), async () => {
      expect(await runBlocks(blocks, { timeoutMs: 50_000 })).toEqual([]);
    });
  }

  it('links to files that exist', () => {
    const links = readFileSync(join(root, readme), 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g);
    const missing = [...links].filter((link) => !existsSync(join(root, dirname(readme), link[1] ?? '')));
    expect(missing.map((link) => link[1])).toEqual([]);
  });
});
