import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { expect, it } from 'vitest';
import { outcomeOf } from '../../scripts/test/outcome.ts';

const root = join(import.meta.dirname, '../..');
const file = 'tests/left-out/fixture/needs.test.ts';

it('the report of a run names the program that each left-out test needs', () => {
  expect(run({})).toMatchObject({
    files: 1,
    passed: 1,
    failed: 0,
    leftOut: [{ need: 'no-such-program', where: file, tests: 4 }],
  });
});

it('with CI=true a missing program is a failure that names it', () => {
  const outcome = run({ CI: 'true' });
  expect(outcome).toMatchObject({ passed: 0, failed: 1, leftOut: [] });
  expect(outcome.failures).toEqual([expect.stringContaining(`${file}: CI needs no-such-program`)]);
});

function run(env: Readonly<Record<string, string>>) {
  using folder = tempDir();
  const report = folder.file('report.json');
  const args = ['run', '--root', 'tests/left-out/fixture', '--reporter=json', `--outputFile=${report}`];
  const { CI: _, ...own } = process.env;
  const { status } = spawnSync(join(root, 'node_modules/.bin/vitest'), args, {
    cwd: root,
    stdio: 'ignore',
    env: { ...own, ...env },
  });
  return outcomeOf(JSON.parse(readFileSync(report, 'utf8')), { isGreen: status === 0, root });
}
