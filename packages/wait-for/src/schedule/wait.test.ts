import { describe, expect, it } from 'vitest';
import { targetOf } from '../../testing/attempt.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { failure, type Outcome, ours } from '../probe/outcome.ts';
import type { Group, Wanted } from '../target/target.ts';
import type { Means } from './follow.ts';
import type { Progress } from './progress.ts';
import { waitForAll } from './wait.ts';

const refused = failure('refused', 'refused');
const ready: Outcome = { ok: true, detail: 'connected' };

/** Runs a wait under a fake clock; `answer` stands for the network. */
function begin(
  wanted: readonly Wanted[],
  answer: Means['probe'],
  options: { timeoutMs?: number; isOnce?: boolean; isStrict?: boolean; clock?: FakeClock } = {},
) {
  const { timeoutMs = 0, isOnce = false, isStrict = false, clock = new FakeClock() } = options;
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
    const { ended } = begin([targetOf('tcp://a:1'), targetOf('tcp://b:1')], async () => ready);
    expect(await ended).toMatchObject({ result: 'ready', elapsedMs: 0 });
  });

  it('doubles the pause after each failure, up to max-interval', async () => {
    const { clock, said, stopping, ended } = begin(
      [targetOf('tcp://a:1 interval=100ms max-interval=1s')],
      async () => refused,
    );
    await clock.advance(5000);
    stopping.abort();
    await ended;
    expect(said.map(({ at }) => at)).toEqual([0, 100, 300, 700, 1500, 2500, 3500, 4500]);
  });

  it('ends at the timeout to the millisecond, even during a try', async () => {
    const never = () => new Promise<Outcome>(() => {});
    const { clock, ended } = begin([targetOf('tcp://a:1 timeout=1h')], never, { timeoutMs: 3000 });
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

  it('never runs two tries of a target at once, even if a probe ignores its signal', async () => {
    let underWay = 0;
    let most = 0;
    const releases: Array<() => void> = [];
    const { clock, stopping, ended } = begin([targetOf('file:/hangs timeout=1s')], async () => {
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

  it('fails at once if one target fails permanently', async () => {
    const answer: Means['probe'] = async ({ name }) =>
      name === 'tcp://a:1' ? refused : failure('auth', 'wrong password');
    const { ended } = begin([targetOf('tcp://a:1'), targetOf('redis://b:1')], answer);
    expect(await ended).toMatchObject({ result: 'failed', elapsedMs: 0 });
  });

  describe('an RBAC denial', () => {
    const denied = (name: string) => ({
      ...failure('denied', 'forbidden'),
      permissions: [
        {
          ...{ verb: 'get' as const, group: 'batch', resource: 'jobs', name, namespace: 'shop' },
          account: { namespace: 'shop', name: 'web' },
        },
      ],
    });
    /** Starts with targets that answer after these milliseconds. */
    function beginWith(delays: Readonly<Record<string, number>>) {
      const clock = new FakeClock();
      const answer: Means['probe'] = ({ shown }) =>
        new Promise((resolve) => {
          clock.after(delays[shown] ?? 0, () => resolve(shown.startsWith('k8s:') ? denied(shown) : refused));
        });
      return begin(
        Object.keys(delays).map((shown) => targetOf(`${shown} timeout=1h`)),
        answer,
        { clock },
      );
    }
    const reasonsOf = (targets: Awaited<ReturnType<typeof waitForAll>>['targets']) =>
      targets.map(({ progress }) => `${progress.state} ${progress.failure?.reason}`);

    it('waits for the first try of all targets of the kind', async () => {
      const { clock, ended } = beginWith({ 'k8s:job/a': 10, 'k8s:job/b': 500, 'k8s:pod/c': 900 });
      await clock.advance(900);
      const { result, targets, elapsedMs } = await ended;
      expect({ result, elapsedMs }).toEqual({ result: 'failed', elapsedMs: 900 });
      expect(reasonsOf(targets)).toEqual(Array(3).fill('failed denied'));
    });

    it('does not wait for other kinds, or longer than a moment', async () => {
      const slow = beginWith({ 'k8s:job/a': 10, 'k8s:job/b': 1e9, 'tcp://c:1': 1e9 });
      await slow.clock.advance(2010);
      expect(await slow.ended).toMatchObject({ result: 'failed', elapsedMs: 2010 });
      const alone = beginWith({ 'k8s:job/a': 10, 'tcp://c:1': 1e9 });
      await alone.clock.advance(10);
      expect(await alone.ended).toMatchObject({ result: 'failed', elapsedMs: 10 });
    });
  });

  describe('stable', () => {
    it('starts counting again after a failure', async () => {
      const answers = [ready, ready, refused, ready, ready, ready];
      const { clock, said, ended } = begin(
        [targetOf('tcp://a:1 stable=3')],
        async () => answers.shift() ?? refused,
      );
      await clock.advance(5000);
      expect(await ended).toMatchObject({ result: 'ready' });
      expect(said.map(({ progress }) => progress.failure?.detail ?? 'ready')).toEqual([
        '1 of 3 successes in a row: connected',
        '2 of 3 successes in a row: connected',
        'refused',
        '1 of 3 successes in a row: connected',
        '2 of 3 successes in a row: connected',
        'ready',
      ]);
    });
  });

  describe('a deadline', () => {
    it('of one target ends the whole wait', async () => {
      const { clock, ended } = begin(
        [targetOf('tcp://a:1 deadline=2s'), targetOf('tcp://b:1')],
        async () => refused,
      );
      await clock.advance(1999);
      await clock.advance(1);
      expect(await ended).toMatchObject({ result: 'timed-out', elapsedMs: 2000 });
    });

    it('of an optional target ends only its tries', async () => {
      const wanted = [targetOf('tcp://a:1 deadline=2s optional'), targetOf('tcp://b:1')];
      const { clock, said, ended } = begin(wanted, async () => refused, { timeoutMs: 10_000 });
      await clock.advance(10_000);
      expect(await ended).toMatchObject({ result: 'timed-out', elapsedMs: 10_000 });
      const times = said.filter(({ name }) => name === 'tcp://a:1').map(({ at }) => at);
      expect(Math.max(...times)).toBeLessThan(2000);
    });
  });

  describe('an optional target', () => {
    it('delays the end only a moment for its first try', async () => {
      const answer: Means['probe'] = ({ isOptional }) =>
        isOptional ? new Promise(() => {}) : Promise.resolve(ready);
      const { clock, ended } = begin([targetOf('tcp://a:1'), targetOf('tcp://b:1 optional')], answer);
      await clock.advance(100);
      expect(await ended).toMatchObject({ result: 'ready', elapsedMs: 100 });
    });

    it('does not hide a stop by the user', async () => {
      const answer: Means['probe'] = ({ isOptional }) =>
        isOptional ? new Promise(() => {}) : Promise.resolve(ready);
      const { clock, stopping, ended } = begin(
        [targetOf('tcp://a:1'), targetOf('tcp://b:1 optional')],
        answer,
      );
      await clock.advance(50);
      stopping.abort();
      expect(await ended).toMatchObject({ result: 'stopped', elapsedMs: 50 });
    });

    it('is reported with its reason, and its permanent failure does not fail the others', async () => {
      const answer: Means['probe'] = async ({ isOptional }) => (isOptional ? failure('auth', 'no') : ready);
      const { clock, ended } = begin([targetOf('tcp://a:1'), targetOf('tcp://b:1 optional')], answer);
      await clock.advance(0);
      const { result, targets } = await ended;
      expect(result).toBe('ready');
      expect(targets[1]?.progress).toMatchObject({ state: 'failed', tries: 1, failure: { reason: 'auth' } });
    });

    it('is tried once if it is the only target', async () => {
      const { clock, ended } = begin([targetOf('tcp://b:1 optional')], async () => refused);
      await clock.advance(0);
      const { result, targets } = await ended;
      expect(result).toBe('ready');
      expect(targets[0]?.progress).toMatchObject({ state: 'waiting', tries: 1 });
    });
  });

  describe('a group', () => {
    const group = (...lines: readonly string[]): Group => ({
      name: 'either',
      kind: 'any',
      members: lines.map(targetOf),
      isOptional: false,
      deadlineMs: undefined,
    });
    const byName =
      (answers: Readonly<Record<string, Outcome>>): Means['probe'] =>
      async ({ name }) =>
        answers[name] ?? refused;

    it('is ready when one of its members is, and says which', async () => {
      const { clock, ended } = begin([group('tcp://a:1', 'tcp://b:1')], byName({ 'tcp://b:1': ready }));
      await clock.advance(0);
      const { result, targets } = await ended;
      expect(result).toBe('ready');
      expect(targets[0]?.progress.success?.detail).toBe('tcp://b:1 connected');
    });

    it('does not fail while one member may still become ready', async () => {
      const wanted = [group('tcp://a:1', 'tcp://b:1')];
      const { clock, ended, said } = begin(wanted, byName({ 'tcp://a:1': failure('auth', 'no') }), {
        timeoutMs: 3000,
      });
      await clock.advance(3000);
      expect(await ended).toMatchObject({ result: 'timed-out' });
      expect(said.at(-1)?.progress.failure?.detail).toBe('tcp://a:1: auth: no; tcp://b:1: refused: refused');
    });

    it('fails when all its members have failed', async () => {
      const lost = failure('auth', 'no');
      const wanted = [group('tcp://a:1', 'tcp://b:1')];
      const { clock, ended } = begin(wanted, byName({ 'tcp://a:1': lost, 'tcp://b:1': lost }));
      await clock.advance(0);
      const { result, targets } = await ended;
      expect(result).toBe('failed');
      expect(targets[0]?.progress).toMatchObject({ state: 'failed', tries: 2, failure: { reason: 'auth' } });
    });

    it('has a deadline of its own', async () => {
      const { clock, ended } = begin([{ ...group('tcp://a:1'), deadlineMs: 500 }], async () => refused);
      await clock.advance(500);
      expect(await ended).toMatchObject({ result: 'timed-out', elapsedMs: 500 });
    });
  });

  describe('not', () => {
    it('does not treat a missing certificate or token file as the absence of the target', async () => {
      const answer = async () => ours(failure('missing', '/run/token does not exist'));
      const { clock, ended } = begin([targetOf('http://a not')], answer, { timeoutMs: 1000 });
      await clock.advance(1000);
      expect(await ended).toMatchObject({ result: 'timed-out' });
    });

    it.each([
      ['refused', 'ready'],
      ['missing', 'ready'],
      ['dns-not-found', 'ready'],
      // a timeout does not prove absence
      ['timeout', 'timed-out'],
      ['unreachable', 'timed-out'],
      ['dns-failed', 'timed-out'],
      ['auth', 'failed'],
      ['denied', 'failed'],
    ] as const)('with %s is %s', async (reason, result) => {
      const answer = async () => failure(reason, reason);
      const { clock, ended } = begin([targetOf('tcp://a:1 not')], answer, { timeoutMs: 1000 });
      await clock.advance(1000);
      expect(await ended).toMatchObject({ result });
    });

    it('waits as long as the target answers', async () => {
      const answers = [ready, ready];
      const { clock, ended, said } = begin(
        [targetOf('tcp://a:1 not')],
        async () => answers.shift() ?? refused,
      );
      await clock.advance(5000);
      expect(await ended).toMatchObject({ result: 'ready' });
      expect(said[0]?.progress.failure).toMatchObject({
        reason: 'not-ready',
        detail: 'is still there: connected',
      });
    });
  });

  describe('once', () => {
    it.each([
      ['ready', [ready, ready]],
      ['timed-out', [ready, refused]],
      ['failed', [refused, failure('auth', 'no')]],
    ] as const)('is %s with one try of each', async (result, answers) => {
      const left: Outcome[] = [...answers];
      const wanted = [targetOf('tcp://a:1 stable=3'), targetOf('tcp://b:1')];
      const { clock, ended } = begin(wanted, async () => left.shift() ?? ready, { isOnce: true });
      await clock.advance(0);
      const { result: found, targets } = await ended;
      expect(found).toBe(result);
      expect(targets.map(({ progress }) => progress.tries)).toEqual([1, 1]);
    });
  });

  describe('strict', () => {
    it.each([
      [failure('tls-untrusted', ''), 'failed'],
      [failure('tls-name', ''), 'failed'],
      [{ ...failure('http-status', ''), httpStatus: 401 }, 'failed'],
      [{ ...failure('http-status', ''), httpStatus: 403 }, 'failed'],
      [{ ...failure('http-status', ''), httpStatus: 404 }, 'failed'],
      [{ ...failure('http-status', ''), httpStatus: 503 }, 'timed-out'],
      [failure('refused', ''), 'timed-out'],
    ])('%j is %s', async (outcome, result) => {
      const strict = begin([targetOf('tcp://a:1')], async () => outcome, { isStrict: true, timeoutMs: 100 });
      await strict.clock.advance(100);
      expect(await strict.ended).toMatchObject({ result });
      const lax = begin([targetOf('tcp://a:1')], async () => outcome, { timeoutMs: 100 });
      await lax.clock.advance(100);
      expect(await lax.ended).toMatchObject({ result: 'timed-out' });
    });
  });

  it('says what it was doing if its first try is cut off', async () => {
    const { clock, ended } = begin(
      [targetOf('tcp://a:1')],
      (_, attempt) => {
        attempt.waitFor('dns-failed', 'no answer from the DNS server for a');
        return new Promise(() => {});
      },
      { timeoutMs: 500 },
    );
    await clock.advance(500);
    const { targets } = await ended;
    expect(targets[0]?.progress.failure).toEqual({
      ok: false,
      reason: 'dns-failed',
      detail: 'no answer from the DNS server for a',
    });
  });

  it('names the timeout of a try that took too long', async () => {
    const { clock, said, stopping, ended } = begin(
      [targetOf('tcp://a:1 timeout=1500ms')],
      () => new Promise(() => {}),
    );
    await clock.advance(1500);
    expect(said[0]?.progress.failure?.detail).toBe('no answer within 1.5s');
    stopping.abort();
    await ended;
  });

  it('continues after an internal fault of an optional target, and reports it', async () => {
    const answer: Means['probe'] = async ({ isOptional }) => {
      if (isOptional) throw new TypeError('x is not a function');
      return ready;
    };
    const { clock, ended } = begin([targetOf('tcp://a:1'), targetOf('tcp://b:1 optional')], answer);
    await clock.advance(0);
    const { result, targets } = await ended;
    expect(result).toBe('ready');
    expect(targets[1]?.progress).toMatchObject({
      state: 'failed',
      failure: { reason: 'failed', detail: 'internal fault: TypeError: x is not a function' },
    });
  });

  it('rethrows an internal fault', async () => {
    const { clock, ended } = begin([targetOf('tcp://a:1')], async () => {
      throw new TypeError('x is not a function');
    });
    const failed = expect(ended).rejects.toThrow('x is not a function');
    await clock.advance(0);
    await failed;
  });
});
