import { expect, it } from 'vitest';
import type { JsonTestResults } from 'vitest/node';
import { outcomeOf } from '../../scripts/test/outcome.ts';

const green = { isGreen: true, root: '/checkout' };
const red = { isGreen: false, root: '/checkout' };

type Assertion = Partial<JsonTestResults['testResults'][number]['assertionResults'][number]>;

/** The runner's report of one file with these tests. */
function report(
  tests: readonly Assertion[],
  file = {},
  counts: Partial<JsonTestResults> = {},
): JsonTestResults {
  const assertionResults = tests.map((test) => ({
    fullName: 'a test',
    meta: {},
    failureMessages: [],
    ...test,
  }));
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  return JSON.parse(
    JSON.stringify({
      success: true,
      numPassedTests: count('passed'),
      numFailedTests: count('failed'),
      testResults: [{ name: '/checkout/web/a.it.ts', message: '', assertionResults, ...file }],
      ...counts,
    }),
  );
}

it('counts left-out tests by their needs', () => {
  const skipped = (...missing: readonly string[]) =>
    ({ status: 'skipped', meta: missing.length === 0 ? {} : { missing } }) as const;
  const tests = [
    { status: 'passed' as const },
    skipped('redis-server'),
    skipped('nginx', 'openssl'),
    skipped('redis-server'),
    skipped(),
  ];
  expect(outcomeOf(report(tests), green)).toEqual({
    files: 1,
    passed: 1,
    failed: 0,
    failures: [],
    leftOut: [
      { need: 'redis-server', where: 'web/a.it.ts', tests: 2 },
      { need: 'nginx and openssl', where: 'web/a.it.ts', tests: 1 },
      { need: 'no reason given', where: 'web/a.it.ts', tests: 1 },
    ],
  });
});

it('names a failure by its file and title, without stack lines of the runner', () => {
  const failureMessages = ['Error: no\n    at ours.ts:1\n    at node_modules/vitest/dist/a.js:2'];
  const failing = report(
    [{ status: 'failed', fullName: 'web answers', failureMessages }],
    {},
    { success: false },
  );
  expect(outcomeOf(failing, red)).toMatchObject({
    failed: 1,
    failures: ['web/a.it.ts: web answers\n    Error: no\n        at ours.ts:1'],
  });
});

it.each([
  [
    'a file that does not load',
    report([], { message: 'CI needs nginx' }, { success: false }),
    red,
    'web/a.it.ts: CI needs nginx',
  ],
  [
    'an error outside of a test',
    report([{ status: 'passed' }]),
    red,
    'an error outside of a test: see above',
  ],
  [
    'a run without a file',
    report([], {}, { success: false, testResults: [] }),
    green,
    'an error outside of a test: see above',
  ],
])('%s is a failure', (_, failing, run, failure) => {
  expect(outcomeOf(failing, run)).toMatchObject({ failed: 1, failures: [failure] });
});
