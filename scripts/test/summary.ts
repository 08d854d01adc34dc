import { tableOf } from '../table.ts';
import type { LeftOut, Outcome } from './outcome.ts';

const columns = ['suite', 'files', 'passed', 'failed', 'left out', 'seconds'];

/** The last output of `make test`, and the number of failures; with `isCi` each line of left-out tests is one. */
export function summaryOf(
  outcomes: readonly Outcome[],
  isCi: boolean,
): { readonly text: string; readonly failed: number } {
  const leftOut = outcomes.flatMap((outcome) => outcome.leftOut);
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  const passed = sum(outcomes.map((outcome) => outcome.passed));
  const failed = sum(outcomes.map((outcome) => outcome.failed)) + (isCi ? leftOut.length : 0);

  const parts = [tableOf([columns, ...outcomes.map(rowOf), totalOf(outcomes)])];
  if (leftOut.length > 0) parts.push(`Left out, because this machine lacks\n${tableOf(leftOut.map(wantOf))}`);
  if (isCi && leftOut.length > 0) parts.push('CI=true: nothing may be left out');
  // repeated at the end, because viewers often show only the last lines of a long log
  if (failures.length > 0) parts.push(`Failed:\n${failures.join('\n')}`);
  parts.push(`${passed} passed, ${failed} failed`);
  return { text: parts.join('\n\n'), failed };
}

function rowOf({ name, files, passed, failed, leftOut, seconds }: Outcome): string[] {
  const isWholeSuite = leftOut.some(({ tests }) => tests === undefined);
  if (isWholeSuite) return [name, '', '', '', 'all', ''];
  const counts =
    files === undefined
      ? ['', '', failed === 0 ? '' : failed, '']
      : [files, passed, failed, testsOf(leftOut)];
  return [name, ...counts.map(String), String(Math.round(seconds))];
}

function totalOf(outcomes: readonly Outcome[]): string[] {
  const counts = [
    outcomes.map(({ files }) => files ?? 0),
    outcomes.map(({ passed }) => passed),
    outcomes.map(({ failed }) => failed),
    outcomes.map(({ leftOut }) => testsOf(leftOut)),
    outcomes.map(({ seconds }) => seconds),
  ];
  return ['in all', ...counts.map((numbers) => String(Math.round(sum(numbers))))];
}

function wantOf({ need, where, tests }: LeftOut): string[] {
  const count = tests === undefined ? 'all tests' : `${tests} ${tests === 1 ? 'test' : 'tests'}`;
  return [`  ${need}`, count, where];
}

function testsOf(leftOut: readonly LeftOut[]): number {
  return sum(leftOut.map(({ tests }) => tests ?? 0));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
