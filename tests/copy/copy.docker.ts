import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { commandBlocks } from '../readme/blocks.ts';
import { runBlocks } from '../readme/run-blocks.ts';

const root = join(import.meta.dirname, '../..');
const packages = readdirSync(join(root, 'packages')).filter((name) => name !== 'kit');

/** Like `run`, but a failure throws an error with the whole output. */
async function must(cwd: string, command: string, ...args: readonly string[]): Promise<void> {
  const { code, output } = await run(cwd, command, ...args);
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${output}`);
}

async function run(
  cwd: string,
  command: string,
  ...args: readonly string[]
): Promise<{ code: number | null; output: string }> {
  // the copy has its own tools: PATH must not lead to those of this checkout
  const path = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.startsWith(root));
  const { VITEST: _, NODE_ENV: __, ...env } = process.env;
  const child = spawn(command, args, {
    ...{ cwd, env: { ...env, PATH: path.join(':') }, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-4000);
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}

// two at a time: installing waits for the network, testing for the processor
describe.concurrent.each(packages)('make copy PACKAGE=%s', (name) => {
  it('writes a folder that installs, passes its tests, runs the commands of its README and builds its image alone', async () => {
    using folder = tempDir();
    const to = folder.file(`my-${name}`);
    await must(root, 'make', 'copy', `PACKAGE=${name}`, `TO=${to}`);
    await must(to, 'npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error');
    await must(to, 'npm', 'test');
    await must(to, 'npm', 'run', 'build');
    await must(to, join(to, 'node_modules/.bin/node'), `dist/${name}.js`, '--version');
    // no package compiled anything
    expect(globSync('node_modules/**/build/**/*.node', { cwd: to })).toEqual([]);
    const readme = commandBlocks(readFileSync(join(to, 'README.md'), 'utf8'));
    const runnable = readme.filter(({ needs }) => needs === undefined);
    expect(runnable.length).toBeGreaterThan(0);
    expect(await runBlocks(runnable, { timeoutMs: 120_000, cwd: to })).toEqual([]);
    if (existsSync(join(to, 'Dockerfile'))) {
      await must(to, 'docker', 'build', '--quiet', '--tag', `copied-${name}`, '.');
      await must(to, 'docker', 'run', '--rm', `copied-${name}`, '--version');
      await run(to, 'docker', 'rmi', `copied-${name}`);
    }
    // an installation, all unit tests and an image
  }, 900_000);
});

it.each([
  ['an unknown package', ['PACKAGE=redis', 'TO=/tmp/x'], 'PACKAGE="redis": expected one of'],
  ['no folder', ['PACKAGE=wait-for'], 'TO "": expected the folder to write'],
  ['a folder that is not empty', ['PACKAGE=wait-for', 'TO=packages'], 'expected a folder that is empty'],
])('is refused for %s', async (_, args, message) => {
  const { code, output } = await run(root, 'make', 'copy', ...args);
  expect(code).not.toBe(0);
  expect(output).toContain(message);
});
