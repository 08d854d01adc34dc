import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { afterAll, expect, it } from 'vitest';
import { FakePrograms } from './fake-programs.ts';

const root = join(import.meta.dirname, '../..');
const dir = tempDir();
afterAll(() => dir[Symbol.dispose]());

copyFileSync(join(root, 'Makefile'), dir.file('Makefile'));
for (const file of ['package.json', 'package-lock.json']) writeFileSync(dir.file(file), '{}');
// like npm: empties the folder, fills it, and writes its lockfile last
const npm = `
rm -rf node_modules; mkdir -p node_modules/.bin
if [ -e killed ]; then kill -9 $$; fi
echo '{}' >node_modules/.package-lock.json
printf '#!/bin/sh\\n' >node_modules/.bin/vitest; chmod 755 node_modules/.bin/vitest
if [ -e failing ]; then exit 1; fi`;
const programs = new FakePrograms(dir.path, { npm, node: 'exit 0' });

function make() {
  const ran = spawnSync('make', ['test'], { cwd: dir.path, encoding: 'utf8', env: { PATH: programs.path } });
  return { status: ran.status, output: ran.stdout };
}
const installs = () => programs.calls.filter((call) => call.startsWith('npm ci')).length;

it.each(['killed', 'failing'])('an `npm ci` that was %s half way is run again by the next target', (how) => {
  rmSync(dir.file('node_modules'), { recursive: true, force: true });
  const before = installs();
  writeFileSync(dir.file(how), '');
  expect(make().status).not.toBe(0);
  expect(existsSync(dir.file('node_modules'))).toBe(true);
  rmSync(dir.file(how));
  expect(make().status).toBe(0);
  expect(installs()).toBe(before + 2);
});

it('a complete `npm ci` is not run again, and reports its start and end', () => {
  rmSync(dir.file('node_modules'), { recursive: true, force: true });
  const before = installs();
  const { output } = make();
  expect(output).toMatch(/^installing the dependencies, .*\(npm ci\): about a minute\ninstalled in \d+ s\n/);
  expect(make().output).toBe('');
  expect(installs()).toBe(before + 1);
});
