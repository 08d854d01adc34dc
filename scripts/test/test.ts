import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, outcomeOf } from './outcome.ts';
import { summaryOf } from './summary.ts';

/**
 * Runs every suite that this machine can run. Then prints a table of the suites, the tests left out with the reason,
 * and `N passed, N failed` over all suites from the runner's reports. With `CI=true` nothing may be left out.
 */
const folder = mkdtempSync(join(tmpdir(), 'pod-patterns-test-'));
const hasDocker = spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 30_000 }).status === 0;
const outcomes = [suite('unit'), suite('integration'), ...(hasDocker ? containers() : [withoutDocker()])];
rmSync(folder, { recursive: true });

const { text, failed } = summaryOf(outcomes, process.env['CI'] === 'true');
console.log(`\n${text}`);
process.exitCode = failed === 0 ? 0 : 1;

function suite(name: string): Outcome {
  const file = join(folder, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { seconds, end } = run('vitest', ['run', '--project', name, ...reporters]);
  if (!existsSync(file)) return failure(name, seconds, `vitest ended with ${end} and left no report`);
  return {
    name,
    seconds,
    ...outcomeOf(JSON.parse(readFileSync(file, 'utf8')), { isGreen: end === 0, root: process.cwd() }),
  };
}

function containers(): Outcome[] {
  const name = 'images';
  const { seconds, end } = run('docker', ['buildx', 'bake']);
  if (end !== 0) return [failure(name, seconds, `docker buildx bake ended with ${end}`)];
  return [{ name, seconds, passed: 0, failed: 0, failures: [], leftOut: [] }, suite('containers')];
}

function withoutDocker(): Outcome {
  const where = 'of the suite containers: images, compose, the real nginx and busybox';
  const leftOut = [{ need: 'a Docker engine', where }];
  return { name: 'containers', seconds: 0, passed: 0, failed: 0, failures: [], leftOut };
}

function failure(name: string, seconds: number, fault: string): Outcome {
  return { name, seconds, passed: 0, failed: 1, failures: [`${name}: ${fault}`], leftOut: [] };
}

function run(command: string, args: readonly string[]) {
  const since = performance.now();
  // a test's own `make` must not inherit these
  const env = { ...process.env, MAKEFLAGS: undefined, MAKELEVEL: undefined, MFLAGS: undefined };
  const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit', env });
  return { seconds: (performance.now() - since) / 1000, end: status ?? signal ?? error?.message };
}
