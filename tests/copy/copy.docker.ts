import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { commandBlocks } from '../readme/blocks.ts';
import { runBlocks } from '../readme/run-blocks.ts';

const root = join(import.meta.dirname, '../..');
const packages = readdirSync(join(root, 'packages')).filter((name) => name !== 'kit');

function run(
  cwd: string,
  command: string,
  ...args: readonly string[]
): { status: number | null; output: string } {
  // the copy brings its own tools: nothing of this checkout may be found on PATH
  const path = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.startsWith(root));
  const { VITEST: _, NODE_ENV: __, ...env } = process.env;
  const ran = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...env, PATH: path.join(':') } });
  const output = `${ran.stdout}${ran.stderr}`.slice(-4000);
  return { status: ran.status, output };
}

/** As `run`, for what has to work: else all that it printed is in the error. */
function must(cwd: string, command: string, ...args: readonly string[]): void {
  const { status, output } = run(cwd, command, ...args);
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${status}:\n${output}`);
}

describe.each(packages)('make copy PACKAGE=%s', (name) => {
  it('writes a folder that installs, passes its tests, does what its README shows and builds its image alone', async () => {
    using folder = tempDir();
    const to = folder.file(`my-${name}`);
    must(root, 'make', 'copy', `PACKAGE=${name}`, `TO=${to}`);
    must(to, 'npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error');
    must(to, 'npm', 'test');
    must(to, 'npm', 'run', 'build');
    must(to, join(to, 'node_modules/.bin/node'), `dist/${name}.js`, '--version');
    // no package compiled anything
    expect(globSync('node_modules/**/build/**/*.node', { cwd: to })).toEqual([]);
    const readme = commandBlocks(readFileSync(join(to, 'README.md'), 'utf8'));
    const runnable = readme.filter(({ needs }) => needs === undefined);
    expect(runnable.length).toBeGreaterThan(0);
    expect(await runBlocks(runnable, { timeoutMs: 50_000, cwd: to })).toEqual([]);
    if (existsSync(join(to, 'Dockerfile'))) {
      must(to, 'docker', 'build', '--quiet', '--tag', `copied-${name}`, '.');
      must(to, 'docker', 'run', '--rm', `copied-${name}`, '--version');
      run(to, 'docker', 'rmi', `copied-${name}`);
    }
    // an installation, all unit tests and an image
  }, 600_000);
});

it.each([
  ['an unknown package', ['PACKAGE=redis', 'TO=/tmp/x'], 'PACKAGE="redis": expected one of'],
  ['no folder', ['PACKAGE=wait-for'], 'TO "": expected the folder to write'],
  ['a folder that is not empty', ['PACKAGE=wait-for', 'TO=packages'], 'expected a folder that is empty'],
])('is refused for %s', (_, args, message) => {
  const { status, output } = run(root, 'make', 'copy', ...args);
  expect(status).not.toBe(0);
  expect(output).toContain(message);
});
