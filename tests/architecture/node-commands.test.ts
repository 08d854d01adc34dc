import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const tracked = execFileSync('git', ['ls-files', '*.md', '*.ts', '*.sh', '*.cjs'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  // its entries describe the past
  .filter((file) => file !== 'CHANGELOG.md');

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
