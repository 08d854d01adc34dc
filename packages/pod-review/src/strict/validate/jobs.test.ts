import { describe, expect, it } from 'vitest';
import { type Data, web } from '../../../testing/manifests.ts';
import { cron, job } from '../../../testing/objects.ts';
import { accepts, refusals, refuses } from '../../../testing/verdicts.ts';

describe('what the API server refuses', () => {
  refuses([
    ['manualSelector without a selector', job({ manualSelector: true }), 'a selector is required'],
    [
      'manualSelector that selects others',
      job({ manualSelector: true, selector: { matchLabels: { a: 'b' } } }),
      'does not match the labels',
    ],
    [
      'a Job that is always restarted',
      job({}, { restartPolicy: 'Always', containers: [web] }),
      'OnFailure or Never',
    ],
    ['a Job without a restart policy', job({}, { containers: [web] }), 'OnFailure or Never'],
    [
      'an indexed Job without completions',
      job({ completionMode: 'Indexed', parallelism: 2 }),
      'completions is required',
    ],
    ['a Job’s own selector', job({ selector: { matchLabels: { a: 'b' } } }), 'generated'],
    ['a schedule of four fields', cron('* * * *'), 'expected 5 fields'],
    ['minute 60', cron('60 * * * *'), 'not between 0 and 59'],
    ['a range backwards', cron('* 5-3 * * *'), 'ends before'],
    ['a time zone in the schedule', cron('TZ=UTC 0 * * * *'), 'belongs in timeZone'],
    ['an unknown time zone', cron('0 * * * *', { timeZone: 'Mars/Base' }), 'not a time zone'],
    [
      'a CronJob’s name of 53 letters',
      { ...cron('0 * * * *'), metadata: { name: 'a'.repeat(53) } },
      'at most 52 characters',
    ],
  ]);

  it.each<[string, Data, string]>([
    ['successPolicy not by index', { successPolicy: { rules: [{ succeededCount: 1 }] } }, 'is Indexed'],
    [
      'successPolicy without rules',
      { completionMode: 'Indexed', completions: 3, successPolicy: { rules: [] } },
      'at least one rule',
    ],
    [
      'successPolicy with an empty rule',
      { completionMode: 'Indexed', completions: 3, successPolicy: { rules: [{}] } },
      'expected succeededCount',
    ],
    [
      'a number of successes above completions',
      { completionMode: 'Indexed', completions: 3, successPolicy: { rules: [{ succeededCount: 4 }] } },
      '4 is not between 0 and 3',
    ],
    ...['2-1', '1,1', '0-3', '1-1', 'x'].map<[string, Data, string]>((succeededIndexes) => [
      `succeededIndexes ${JSON.stringify(succeededIndexes)}`,
      { completionMode: 'Indexed', completions: 3, successPolicy: { rules: [{ succeededIndexes }] } },
      'succeededIndexes: ',
    ]),
    [
      'maxFailedIndexes alone',
      { completionMode: 'Indexed', completions: 3, maxFailedIndexes: 1 },
      'backoffLimitPerIndex is required',
    ],
    ['managedBy without a domain', { managedBy: 'x' }, '"x" is not a domain'],
    [
      'FailIndex without a limit for each index',
      {
        podFailurePolicy: {
          rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [1] } }],
        },
      },
      'FailIndex needs',
    ],
    [
      'exit codes out of order',
      {
        podFailurePolicy: {
          rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [2, 1] } }],
        },
      },
      'must be sorted',
    ],
    [
      'an unknown status of a condition',
      {
        podFailurePolicy: {
          rules: [{ action: 'Ignore', onPodConditions: [{ type: 'a', status: 'x' }] }],
        },
      },
      '"x" is not one of',
    ],
    [
      'podFailurePolicy with early replacement',
      { podReplacementPolicy: 'TerminatingOrFailed', podFailurePolicy: { rules: [] } },
      'must be Failed',
    ],
  ])('a Job: %s', (_, spec, message) => {
    expect(refusals(job(spec))).toEqual([expect.stringContaining(message)]);
  });
});

describe('what the API server accepts', () => {
  accepts([
    [
      'a Job with all its policies',
      job({
        completionMode: 'Indexed',
        completions: 10,
        backoffLimitPerIndex: 1,
        maxFailedIndexes: 2,
        managedBy: 'example.com/controller',
        successPolicy: { rules: [{ succeededIndexes: '0,2-4,9', succeededCount: 2 }] },
        podFailurePolicy: {
          rules: [
            { action: 'FailIndex', onExitCodes: { operator: 'In', values: [1, 42] } },
            { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
          ],
        },
      }),
    ],
    [
      'a Job with its own selector',
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'x' },
        spec: {
          manualSelector: true,
          selector: { matchLabels: { a: 'b' } },
          template: {
            metadata: { labels: { a: 'b' } },
            spec: { restartPolicy: 'Never', containers: [web] },
          },
        },
      },
    ],
    [
      'a Job with a failure policy',
      job({
        backoffLimit: 2,
        podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }] },
      }),
    ],
    [
      'a schedule with names, steps and lists',
      cron('*/15 0-5,22 1 JAN-MAR mon', { timeZone: 'Europe/Berlin' }),
    ],
    ['a schedule by word', cron('@hourly')],
  ]);
});
