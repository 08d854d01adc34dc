import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../scripts/test/outcome.ts';
import { summaryOf } from '../../scripts/test/summary.ts';

const green = { failed: 0, failures: [], leftOut: [] };
const unit: Outcome = { ...green, name: 'unit', seconds: 61.4, files: 310, passed: 4210 };
const integration: Outcome = { ...green, name: 'integration', seconds: 228.6, files: 78, passed: 851 };
const images: Outcome = { ...green, name: 'images', seconds: 34.7, passed: 0 };
const containers: Outcome = { ...green, name: 'containers', seconds: 415, files: 14, passed: 162 };

const text = (...lines: readonly string[]) => lines.join('\n');

it('is a table of the suites with a total, and the counts as the last line', () => {
  expect(summaryOf([unit, integration, images, containers], true)).toEqual({
    failed: 0,
    text: text(
      'suite        files  passed  failed  left out  seconds',
      'unit           310    4210       0         0       61',
      'integration     78     851       0         0      229',
      'images                                             35',
      'containers      14     162       0         0      415',
      'in all         402    5223       0         0      740',
      '',
      '5223 passed, 0 failed',
    ),
  });
});

describe('a left-out test', () => {
  const partly: Outcome = {
    ...integration,
    passed: 780,
    leftOut: [
      { need: 'redis-server', where: 'packages/web/test/api.it.ts', tests: 70 },
      { need: 'nginx and openssl', where: 'packages/wait-for/test/servers.it.ts', tests: 1 },
    ],
  };
  const none: Outcome = {
    ...green,
    name: 'containers',
    seconds: 0,
    passed: 0,
    leftOut: [{ need: 'a Docker engine', where: 'of the suite containers: images, compose' }],
  };
  const table = text(
    'suite        files  passed  failed  left out  seconds',
    'unit           310    4210       0         0       61',
    'integration     78     780       0        71      229',
    'containers                               all',
    'in all         388    4990       0        71      290',
    '',
    'Left out, because this machine lacks',
    '  redis-server        70 tests  packages/web/test/api.it.ts',
    '  nginx and openssl     1 test  packages/wait-for/test/servers.it.ts',
    '  a Docker engine    all tests  of the suite containers: images, compose',
    '',
  );

  it('is listed below the table, by the missing program', () => {
    expect(summaryOf([unit, partly, none], false)).toEqual({
      failed: 0,
      text: text(table, '4990 passed, 0 failed'),
    });
  });

  it('is a failure with CI=true', () => {
    expect(summaryOf([unit, partly, none], true)).toEqual({
      failed: 3,
      text: text(table, 'CI=true: nothing may be left out', '', '4990 passed, 3 failed'),
    });
  });
});

it('repeats the failures before the last line', () => {
  const failures = ['a.test.ts: a title\nError: b', 'c.test.ts: does not load'];
  const red: Outcome = { ...unit, passed: 4208, failed: 2, failures };
  const noImages: Outcome = { ...images, failed: 1, failures: ['images: docker buildx bake ended with 1'] };
  expect(summaryOf([red, noImages], false)).toEqual({
    failed: 3,
    text: text(
      'suite   files  passed  failed  left out  seconds',
      'unit      310    4208       2         0       61',
      'images                      1                 35',
      'in all    310    4208       3         0       96',
      '',
      'Failed:',
      'a.test.ts: a title',
      'Error: b',
      'c.test.ts: does not load',
      'images: docker buildx bake ended with 1',
      '',
      '4208 passed, 3 failed',
    ),
  });
});
