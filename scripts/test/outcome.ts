import { relative } from 'node:path';
import type { JsonTestResults } from 'vitest/node';

/** Tests that this machine could not run. */
export interface LeftOut {
  /** The missing program or permission. */
  readonly need: string;
  readonly where: string;
  /** Undefined for a whole suite, whose tests were not counted. */
  readonly tests?: number;
}

/** A suite, or a step that a suite needs. */
export interface Outcome {
  readonly name: string;
  readonly seconds: number;
  readonly files?: number;
  readonly passed: number;
  readonly leftOut: readonly LeftOut[];
  /** File, title and message of each failure. */
  readonly failures: readonly string[];
  readonly failed: number;
}

type FileResult = JsonTestResults['testResults'][number];

/**
 * Reads the counts, the reasons and the failures from the runner's report.
 * @param run whether the runner ended with 0, and the folder that paths are relative to
 */
export function outcomeOf(
  report: JsonTestResults,
  { isGreen, root }: { readonly isGreen: boolean; readonly root: string },
): Omit<Outcome, 'name' | 'seconds'> {
  const files = report.testResults.map((result) => ({ ...result, name: relative(root, result.name) }));
  const failures = files.flatMap(failuresOf);
  // a file that did not load, or an error outside of a test, fails the run without a failed test
  const hasFailed = failures.length > 0 || !isGreen || !report.success;
  return {
    files: files.length,
    passed: report.numPassedTests,
    leftOut: files.flatMap(leftOutOf),
    failures: hasFailed && failures.length === 0 ? ['an error outside of a test: see above'] : failures,
    failed: Math.max(report.numFailedTests, hasFailed ? 1 : 0),
  };
}

function leftOutOf({ name: where, assertionResults }: FileResult): LeftOut[] {
  const skipped = assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const byNeed = Map.groupBy(skipped, ({ meta }) => meta.missing?.join(' and ') ?? 'no reason given');
  return [...byNeed].map(([need, { length }]) => ({ need, where, tests: length }));
}

function failuresOf({ name, message, assertionResults }: FileResult): string[] {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  const texts = failed.map(({ fullName, failureMessages }) =>
    [fullName, ...(failureMessages ?? [])].join('\n'),
  );
  if (message !== '') texts.push(message);
  return texts.map((text) => `${name}: ${withoutRunner(text)}`);
}

function withoutRunner(text: string): string {
  const lines = text.split('\n').filter((line) => !line.includes('node_modules/vitest'));
  return lines.slice(0, 20).join('\n    ');
}
