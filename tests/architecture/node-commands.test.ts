import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trackedFiles } from './tracked-files.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
// the changelog's entries describe the past
const tracked = trackedFiles(root, '*.md', '*.ts', '*.sh', '*.cjs').filter((file) => file !== 'CHANGELOG.md');

it("no document and no script runs one of our programs with the machine's own Node", () => {
  const bare = /(?<![\w./-])node (?:--?[\w=-]+ )*(?:\.\/)?(?:packages|bench|dist)\//;
  expect('  node packages/web/dist/web.js').toMatch(bare);
  expect('`A=1 node --cpu-prof bench/web/bench.ts`').toMatch(bare);
  expect('node_modules/.bin/node packages/web/dist/web.js').not.toMatch(bare);
  expect(tracked.length).toBeGreaterThan(500);
  const found = tracked.flatMap((file) =>
    read(file)
      .split('\n')
      .filter((line) => bare.test(line) && file !== 'tests/architecture/node-commands.test.ts')
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

it('each document that runs a bundle says first how to build it', () => {
  const running = tracked.filter(
    (file) => file.endsWith('.md') && read(file).includes('.bin/node packages/'),
  );
  expect(running.length).toBeGreaterThan(6);
  const unbuilt = running.filter(
    (file) => !(read(file).split('.bin/node packages/')[0] ?? '').includes('make build'),
  );
  expect(unbuilt).toEqual([]);
});
