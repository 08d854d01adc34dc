import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** `needs` tells `make test` what was missing; each of these skips a test silently. */
const root = join(import.meta.dirname, '../..');
const silent =
  /\b(?:it|test|describe|suite)\b[\w.]*\.(?:skip|skipIf|runIf|todo|only)\b|\b(?:ctx|context)\.skip\(/;
const files = globSync(['packages/*/{src,testing,test}/**/*.{test,it,docker}.ts', 'tests/*/*.ts'], {
  cwd: root,
});

it('only needs() leaves out tests', () => {
  expect(files.length).toBeGreaterThan(200);
  const found = files
    .filter((file) => !file.endsWith('left-out/gate.test.ts'))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .map((line) => `${file}: ${line.trim()}`),
    )
    .filter((line) => silent.test(line));
  expect(found).toEqual([]);
});

it.each([
  ["it.skipIf(kubectl === undefined)('a', …", true],
  ["describe.concurrent.runIf(isRoot)('a', …", true],
  ["it.todo('a')", true],
  ["test.only('a', …", true],
  ["context.skip('no Redis')", true],
  ["it('a', needs(redisServer), …", false],
  ["describe.each(cases)('skip %s', …", false],
])('%s: is refused: %s', (line, expected) => {
  expect(silent.test(line)).toBe(expected);
});
