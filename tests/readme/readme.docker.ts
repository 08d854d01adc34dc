import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { blocksOf, runBlocks } from './run-blocks.ts';

const root = join(import.meta.dirname, '../..');
const readmes = globSync(['*.md', 'packages/*/README.md', 'k8s/**/README.md'], { cwd: root })
  .map((file) => ({ file, blocks: blocksOf(file, 'docker') }))
  .filter(({ blocks }) => blocks.length > 0);

it.each(readmes)('$file shows Docker commands that work, with what they print', async ({ blocks }) => {
  expect(await runBlocks(blocks, { timeoutMs: 170_000 })).toEqual([]);
});
