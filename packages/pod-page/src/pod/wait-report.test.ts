import { writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { readWaitReport } from './wait-report.ts';

const targets = [{ target: 'redis://redis:6379', name: 'redis' }, { target: 'tcp://db:5432' }];
const startedAt = '2026-11-24T12:00:00.000Z';
const unknown = {
  state: 'up',
  summary: 'finished before the other containers started',
  figures: { targets: 0 },
};

describe('readWaitReport', () => {
  it.each([
    [
      'targets that became ready',
      JSON.stringify({ msg: 'summary', result: 'ready', elapsedMs: 1240, targets }),
      {
        state: 'up',
        summary: 'waited for 1.2 s: redis, tcp://db:5432',
        figures: { targets: 2, waitedMs: 1240 },
      },
    ],
    [
      'a wait that failed',
      JSON.stringify({ msg: 'summary', result: 'timed-out', elapsedMs: 60_000, targets }),
      {
        state: 'down',
        summary: 'timed-out for 1 min: redis, tcp://db:5432',
        figures: { targets: 2, waitedMs: 60_000 },
      },
    ],
    ['nothing', '', unknown],
    ['JSON of another kind', '[1]', unknown],
    ['no JSON', '{"msg":', unknown],
  ])('reads %s', async (_, text, container) => {
    using dir = tempDir();
    writeFileSync(dir.file('report'), text);
    expect(await readWaitReport(dir.file('report'), startedAt)).toMatchObject({
      ...container,
      role: 'init',
      since: startedAt,
    });
  });

  it('assumes success without a report', async () => {
    expect(await readWaitReport('/nowhere/report', startedAt)).toMatchObject(unknown);
  });
});
