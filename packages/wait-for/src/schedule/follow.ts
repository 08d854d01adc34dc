import { Attempt, type Surroundings } from '../probe/attempt.ts';
import { type Failure, failure, isPermanent, type Outcome } from '../probe/outcome.ts';
import type { Group, Target } from '../target/target.ts';
import { backoffMs } from './backoff.ts';
import { type Clock, pause } from './clock.ts';
import { negate } from './negate.ts';
import { combine, type End, type Progress } from './progress.ts';

/** Dependencies of following a target. */
export interface Means {
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly surroundings: Surroundings;
  readonly probe: (target: Target, attempt: Attempt) => Promise<Outcome>;
  readonly isStrict: boolean;
  /** One try of each target, whatever its result. */
  readonly isOnce: boolean;
  /** Is called between two tries. */
  readonly tidy?: () => void;
}

interface Watch extends Means {
  readonly startedAt: number;
  /** Aborts when the whole wait has ended. */
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** Tries one target until it is ready, has failed permanently, or the time is over. One try at a time. */
export async function follow(target: Target, watch: Watch): Promise<End> {
  const { clock, isOnce, isStrict, random, report, signal, startedAt } = watch;
  using deadline = deadlineOf(target, watch);
  const attempts = new OneAtATime(target, watch, deadline.signal);
  const needed = isOnce ? 1 : target.stableCount;
  let successes = 0;
  let failures = 0;
  let last: Failure | undefined;
  for (let tries = 1; ; tries++) {
    const outcome = await attempts.tryAgain();
    const base = { tries, elapsedMs: clock.now() - startedAt };
    successes = outcome.ok ? successes + 1 : 0;
    failures = outcome.ok ? 0 : failures + 1;
    if (outcome.ok && successes >= needed) {
      report({ ...base, state: 'ready', success: outcome });
      return 'ready';
    }
    last = lastWords(outcome, { last, successes, needed, isCut: deadline.signal.aborted });
    const isLost = !outcome.ok && isPermanent(outcome, isStrict);
    report({ ...base, state: isLost ? 'failed' : 'waiting', failure: last });
    if (isLost) return 'failed';
    if (isOnce) return 'expired';
    watch.tidy?.();
    await pause(clock, outcome.ok ? target.intervalMs : backoffMs(target, failures, random), deadline.signal);
    if (deadline.signal.aborted) return signal.aborted ? 'stopped' : 'expired';
  }
}

/** Reason after a failed try. A try that was cut short tells less than the one before it. */
function lastWords(
  outcome: Outcome,
  {
    last,
    successes,
    needed,
    isCut,
  }: { last: Failure | undefined; successes: number; needed: number; isCut: boolean },
): Failure {
  if (outcome.ok)
    return failure('not-ready', `${successes} of ${needed} successes in a row: ${outcome.detail}`);
  return isCut && last !== undefined ? last : outcome;
}

/** Follows the members side by side; the first that is ready ends it. */
export async function followGroup({ members, deadlineMs }: Group, watch: Watch): Promise<End> {
  using deadline = deadlineOf({ deadlineMs }, watch);
  const progresses: Progress[] = members.map(() => ({ state: 'waiting', tries: 0, elapsedMs: 0 }));
  const named = () => members.map(({ name }, index) => ({ name, progress: progresses[index] as Progress })); // one each
  const settled = new AbortController();
  const signal = AbortSignal.any([deadline.signal, settled.signal]);
  const report = (index: number, progress: Progress) => {
    progresses[index] = progress;
    const hasReady = progresses.some(({ state }) => state === 'ready');
    // ignore the failures of members that are cut off because another is ready
    if (settled.signal.aborted) return;
    if (hasReady) settled.abort();
    watch.report(combine(named()));
  };
  const ends = await Promise.all(
    members.map((member, index) =>
      follow(member, { ...watch, signal, report: (progress) => report(index, progress) }),
    ),
  );
  if (ends.includes('ready')) return 'ready';
  if (ends.every((end) => end === 'failed')) {
    watch.report(combine(named(), 'failed'));
    return 'failed';
  }
  return watch.signal.aborted ? 'stopped' : 'expired';
}

/** A signal that aborts with the whole wait, or at the target's own deadline. */
function deadlineOf({ deadlineMs }: Pick<Target, 'deadlineMs'>, { clock, signal }: Watch) {
  if (deadlineMs === undefined) return { signal, [Symbol.dispose]: () => {} };
  const own = new AbortController();
  const cancel = clock.after(deadlineMs, () => own.abort());
  return { signal: AbortSignal.any([signal, own.signal]), [Symbol.dispose]: cancel };
}

/** Makes tries that never overlap, each with its own deadline. */
class OneAtATime {
  readonly #target: Target;
  readonly #watch: Watch;
  readonly #signal: AbortSignal;
  /** A probe that is still running after its deadline, for example on a hanging file system. */
  #late: Promise<unknown> | undefined;

  constructor(target: Target, watch: Watch, signal: AbortSignal) {
    this.#target = target;
    this.#watch = watch;
    this.#signal = signal;
  }

  async tryAgain(): Promise<Outcome> {
    const { clock, probe, surroundings } = this.#watch;
    const { timeoutMs, isNegated } = this.#target;
    const cut = new AbortController();
    const attempt = new Attempt(cut.signal, surroundings);
    const { promise: interrupted, resolve } = Promise.withResolvers<Failure>();
    const end = (afterMs?: number) => {
      cut.abort();
      resolve(attempt.interrupted(afterMs));
    };
    const stop = () => end();
    const cancel = clock.after(timeoutMs, () => end(timeoutMs));
    if (this.#signal.aborted) stop();
    else this.#signal.addEventListener('abort', stop, { once: true });
    try {
      if (this.#late !== undefined) attempt.waitFor('timeout', 'the previous try did not end');
      const asked = this.#begin(() => (cut.signal.aborted ? interrupted : probe(this.#target, attempt)));
      const outcome = await Promise.race([interrupted, asked]);
      return isNegated ? negate(outcome) : outcome;
    } finally {
      cancel();
      this.#signal.removeEventListener('abort', stop);
    }
  }

  /** Starts a try as soon as the one before has ended. */
  #begin(ask: () => Promise<Outcome>): Promise<Outcome> {
    const asked = this.#late === undefined ? ask() : this.#late.then(ask);
    const settled = asked.then(noop, noop).then(() => {
      if (this.#late === settled) this.#late = undefined;
    });
    this.#late = settled;
    return asked;
  }
}

function noop(): void {}
