import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/**
 * Runs every suite that this machine can run, says at the end what was left out and why, and closes with
 * `N passed, N failed` over all of them, from the runner's own reports. With `CI=true` nothing may be left out.
 */
interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const isCi = process.env['CI'] === 'true';
const hasDocker = spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'pod-patterns-test-'));
const leftOut: string[] = [];
const failures: string[] = [];
const totals = { passed: 0, failed: 0, skipped: 0 };

suite('unit', 'integration');
if (hasDocker) {
  run('docker', ['buildx', 'bake']);
  suite('containers');
} else {
  leftOut.push('containers (images, compose, the real nginx and busybox): no Docker engine answers');
}
rmSync(folder, { recursive: true });

if (totals.skipped > 0)
  leftOut.push(`${totals.skipped} tests that need a program this machine lacks (see "skipped" above)`);
if (leftOut.length > 0) console.log(`\nLeft out:\n${leftOut.map((what) => `  ${what}`).join('\n')}`);
if (isCi && leftOut.length > 0) {
  console.log('\nCI=true: nothing may be left out');
  totals.failed += leftOut.length;
}
// said again at the end: of a log of thousands of lines people are often shown the last ones only
if (failures.length > 0) console.log(`\nFailed:\n${failures.join('\n')}`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;

function suite(...projects: readonly string[]): void {
  const file = join(folder, `${projects.join('-')}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const ran = spawnSync('vitest', ['run', ...projects.flatMap((name) => ['--project', name]), ...reporters], {
    stdio: 'inherit',
  });
  const report: Report = JSON.parse(readFileSync(file, 'utf8'));
  totals.passed += report.numPassedTests;
  totals.skipped += report.numPendingTests + report.numTodoTests;
  // a file that did not load, or an error outside of a test, fails the run without a failed test
  totals.failed += Math.max(report.numFailedTests, report.success && ran.status === 0 ? 0 : 1);
  failures.push(...failuresOf(report));
}

function failuresOf(report: Report): string[] {
  return report.testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const texts = failed.map(({ fullName, failureMessages }) => [fullName, ...failureMessages].join('\n'));
    if (message !== '') texts.push(message);
    return texts.map((text) => `${relative(process.cwd(), name)}: ${withoutRunner(text)}`);
  });
}

function withoutRunner(text: string): string {
  const lines = text.split('\n').filter((line) => !line.includes('node_modules/vitest'));
  return lines.slice(0, 20).join('\n    ');
}

function run(command: string, args: readonly string[]): void {
  const ran = spawnSync(command, args, { stdio: 'inherit' });
  if (ran.status === 0) return;
  console.error(`${command} ${args.join(' ')} ended with ${ran.status ?? ran.error}`);
  console.log('\n0 passed, 1 failed');
  process.exit(1);
}
