import { expect, it } from 'vitest';
import { type Outcome, runRows } from './run.ts';

async function outcomesOf(
  rows: ReadonlyArray<{ title: string; see: (stop: AbortController) => Promise<string> }>,
) {
  const outcomes: Outcome[] = [];
  const stop = new AbortController();
  await runRows(rows, stop, { tell: (outcome) => outcomes.push(outcome), stopping: stop.signal });
  return outcomes.map(({ title, seen, failure }) => ({ title, seen, failure }));
}

it('runs each check in turn, also after a failure, and prints all causes of a failure', async () => {
  const fails = async () => {
    throw new Error('web was restarted', { cause: new Error('exit code 137') });
  };
  expect(
    await outcomesOf([
      { title: 'a', see: async () => '3 restarts' },
      { title: 'b', see: fails },
      { title: 'c', see: async () => '0 failed' },
    ]),
  ).toEqual([
    { title: 'a', seen: '3 restarts', failure: undefined },
    { title: 'b', seen: 'FAILED', failure: 'web was restarted\n  exit code 137' },
    { title: 'c', seen: '0 failed', failure: undefined },
  ]);
});

it('runs no further check once it is stopped', async () => {
  const stops = async (stop: AbortController) => {
    stop.abort();
    return 'stopped';
  };
  const outcomes = await outcomesOf([
    { title: 'a', see: stops },
    { title: 'b', see: async () => 'not reached' },
  ]);
  expect(outcomes.map(({ title }) => title)).toEqual(['a']);
});
