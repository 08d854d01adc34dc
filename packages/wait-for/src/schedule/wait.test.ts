import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { failure, type Outcome } from '../probe/outcome.ts';
import { readTargetLine } from '../target/read-target.ts';
import type { Target, Wanted } from '../target/target.ts';
import type { Means } from './follow.ts';
import type { Progress } from './progress.ts';
import { waitForAll } from './wait.ts';

function target(line: string): Target {
  const read = readTargetLine(line, 'test');
  if (!read.ok) throw new Error(read.faults.join('\n'));
  return read.value;
}

const refused = failure('refused', 'refused');
const ready: Outcome = { ok: true, detail: 'connected' };

/** Runs a wait under a fake clock; `answer` stands for the network. */
function begin(
  wanted: readonly Wanted[],
  answer: Means['probe'],
  options: { timeoutMs?: number; isOnce?: boolean; isStrict?: boolean } = {},
) {
  const { timeoutMs = 0, isOnce = false, isStrict = false } = options;
  const clock = new FakeClock();
  const stopping = new AbortController();
  const said: Array<{ name: string; at: number; progress: Progress }> = [];
  const ended = waitForAll(
    wanted,
    {
      clock,
      random: () => 1,
      surroundings: { resolvConf: '', serviceAccountDir: '', env: {} } as unknown as Means['surroundings'], // the fake network needs none
      probe: answer,
      isStrict,
      isOnce,
      changed: ({ name }, progress) => said.push({ name, at: clock.now(), progress }),
    },
    { timeoutMs, stopping: stopping.signal },
  );
  return { clock, stopping, said, ended };
}

describe('waitForAll', () => {
  it('ends as soon as all are ready', async () => {
    const { ended } = begin([target('tcp://a:1'), target('tcp://b:1')], async () => ready);
    expect(await ended).toMatchObject({ result: 'ready', elapsedMs: 0 });
  });

  it('doubles the pause after each failure, up to max-interval', async () => {
    const { clock, said, stopping, ended } = begin(
      [target('tcp://a:1 interval=100ms max-interval=1s')],
      async () => refused,
    );
    await clock.advance(5000);
    stopping.abort();
    await ended;
    expect(said.map(({ at }) => at)).toEqual([0, 100, 300, 700, 1500, 2500, 3500, 4500]);
  });

  it('ends at the timeout to the millisecond, whatever is under way', async () => {
    const never = () => new Promise<Outcome>(() => {});
    const { clock, ended } = begin([target('tcp://a:1 timeout=1h')], never, { timeoutMs: 3000 });
    await clock.advance(2999);
    let isOver = false;
    ended.then(() => {
      isOver = true;
    });
    await clock.advance(0);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(await ended).toMatchObject({ result: 'timed-out', elapsedMs: 3000 });
  });

  it('never has two tries of a target under way, not even when a probe does not let go', async () => {
    let underWay = 0;
    let most = 0;
    const releases: Array<() => void> = [];
    const { clock, stopping, ended } = begin([target('file:/hangs timeout=1s')], async () => {
      most = Math.max(most, ++underWay);
      await new Promise<void>((resolve) => releases.push(resolve));
      underWay--;
      return refused;
    });
    await clock.advance(60_000);
    expect(releases).toHaveLength(1);
    releases[0]?.();
    await clock.advance(10_000);
    expect(releases).toHaveLength(2);
    expect(most).toBe(1);
    stopping.abort();
    expect(await ended).toMatchObject({ result: 'stopped' });
  });

  it('fails at once when one fails for good', async () => {
    const answer: Means['probe'] = async ({ name }) =>
      name === 'tcp://a:1' ? refused : failure('auth', 'wrong password');
    const { ended } = begin([target('tcp://a:1'), target('redis://b:1')], answer);
    expect(await ended).toMatchObject({ result: 'failed', elapsedMs: 0 });
  });

  it('needs as many successes in a row as stable says', async () => {
    const answers = [ready, ready, refused, ready, ready, ready];
    const { clock, said, ended } = begin(
      [target('tcp://a:1 stable=3')],
      async () => answers.shift() ?? refused,
    );
    await clock.advance(5000);
    expect(await ended).toMatchObject({ result: 'ready' });
    expect(said.map(({ progress }) => progress.state)).toEqual([...Array(5).fill('waiting'), 'ready']);
  });
});
