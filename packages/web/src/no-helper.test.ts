import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');
const own = 'src/no-helper.test.ts';
const files = globSync(['{src,test}/**/*.ts', 'package.json'], { cwd: folder }).filter(
  (file) => file !== own,
);

it('finds source files', () => {
  expect(files.length).toBeGreaterThan(50);
});

/** Helpers beside web in a pod, and their ports. */
const helpers = /ambassador|adaptor|shipper|wait-for|sidecar|helper|pod-?page|pod-?review|:91\d\d\b/i;

it.each(files)('%s names no helper of the pod', (file) => {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  expect(lines.filter((line) => helpers.test(line))).toEqual([]);
});
