import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trackedFiles } from './tracked-files.ts';

const root = join(import.meta.dirname, '../..');

const files = trackedFiles(root, 'packages/*.ts', 'tests/*.ts', 'bench/*.ts', 'scripts/*.ts').map((path) => ({
  path,
  text: readFileSync(join(root, path), 'utf8'),
}));

/** The files that mention a word. */
const mentions = new Map<string, Set<string>>();
for (const { path, text } of files) {
  for (const word of new Set(text.match(/\w+/g) ?? [])) {
    const found = mentions.get(word) ?? new Set();
    mentions.set(word, found.add(path));
  }
}

/** Exported values that no other file mentions. Types may be exported to name a function's arguments. */
function unusedExports(path: string, text: string): string[] {
  return [...text.matchAll(/^export (?:async )?(?:const|function\*?|class) (\w+)/gm)].flatMap(
    ([, name = '']) => {
      const others = [...(mentions.get(name) ?? [])].filter(
        (other) => other !== path && other !== 'packages/kit/src/index.ts',
      );
      return others.length === 0 ? [`${path}: ${name}`] : [];
    },
  );
}

it('every exported value is used in another file', () => {
  const sources = files.filter(
    ({ path }) => /^packages\/[\w-]+\/src\//.test(path) && !/(?:\.test|\/index)\.ts$/.test(path),
  );
  expect(sources.length).toBeGreaterThan(500);
  expect(sources.flatMap(({ path, text }) => unusedExports(path, text))).toEqual([]);
});
