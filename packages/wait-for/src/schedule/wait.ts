import { failure } from '../probe/outcome.ts';
import { isGroup, type Wanted } from '../target/target.ts';
import { type Clock, inTime, pause } from './clock.ts';
import { follow, followGroup, type Means } from './follow.ts';
import type { End, Progress } from './progress.ts';

/** Result of the whole wait. */
export type Result = 'ready' | 'timed-out' | 'failed' | 'stopped';

/** Result of the whole wait, and the progress of each target. */
export interface Ended {
  readonly result: Result;
  /** Each target was tried once. */
  readonly isOnce: boolean;
  readonly elapsedMs: number;
  readonly targets: ReadonlyArray<{ readonly wanted: Wanted; readonly progress: Progress }>;
}

/** Limits of the whole wait. */
export interface Limits {
  /** For all targets together; 0 for none. */
  readonly timeoutMs: number;
  /** Aborts when the user stops it. */
  readonly stopping: AbortSignal;
}

/** Extra time for the first try of an optional target after all others are ready. */
const optionalGraceMs = 100;

/** Extra time for the first tries of other targets that the same server may deny. */
const othersGraceMs = 2000;

/** Waits for all targets at the same time, until all are ready, one fails permanently, time is up, or it is stopped. */
export async function waitForAll(
  wanted: readonly Wanted[],
  means: Means & { readonly changed: (wanted: Wanted, progress: Progress) => void },
  limits: Limits,
): Promise<Ended> {
  const { clock } = means;
  const startedAt = clock.now();
  const whole = new AbortController();
  const followed = wanted.map((one) => start(one, { ...means, startedAt, signal: whole.signal }));
  let result = await race(followed, means, limits);
  if (result === 'ready' && !means.isOnce) {
    const tried = Promise.all(followed.map(({ firstTry }) => firstTry));
    await Promise.race([tried, pause(clock, optionalGraceMs, limits.stopping)]);
    if (limits.stopping.aborted) result = 'stopped';
  }
  whole.abort();
  await Promise.all(followed.map(({ end }) => end));
  const targets = followed.map(({ wanted: one, progress }) => ({ wanted: one, progress: progress() }));
  return { result, isOnce: means.isOnce, elapsedMs: clock.now() - startedAt, targets };
}

interface Followed {
  readonly wanted: Wanted;
  readonly progress: () => Progress;
  readonly firstTry: Promise<void>;
  readonly end: Promise<End>;
}

type Start = Parameters<typeof waitForAll>[1] & { readonly startedAt: number; readonly signal: AbortSignal };

function start(wanted: Wanted, means: Start): Followed {
  let progress: Progress = { state: 'waiting', tries: 0, elapsedMs: 0 };
  const { promise: firstTry, resolve } = Promise.withResolvers<void>();
  const report = (next: Progress) => {
    progress = next;
    if (next.state !== 'waiting' || (next.untriedCount ?? 0) === 0) resolve();
    means.changed(wanted, next);
  };
  const watch = { ...means, report };
  const followed = isGroup(wanted) ? followGroup(wanted, watch) : follow(wanted, watch);
  const end = followed.catch((fault: unknown) => {
    if (!wanted.isOptional) throw fault;
    // an optional target delays no other, so it must not end them
    const elapsedMs = means.clock.now() - means.startedAt;
    report({
      ...progress,
      state: 'failed',
      elapsedMs,
      failure: failure('failed', `internal fault: ${fault}`),
    });
    return 'failed' as const;
  });
  return { wanted, progress: () => progress, firstTry, end };
}

/** The one place that ends the wait: the first event wins. */
async function race(
  followed: readonly Followed[],
  { clock, isOnce }: Pick<Means, 'clock' | 'isOnce'>,
  { timeoutMs, stopping }: Limits,
): Promise<Result> {
  const required = followed.filter(({ wanted }) => !wanted.isOptional);
  // with optional targets only, their first try delays no other
  const firstTries = required.length > 0 && !isOnce ? [] : followed.map(({ firstTry }) => firstTry);
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  for (const one of followed) {
    one.end.then(async (how) => {
      if (isOnce || one.wanted.isOptional || how === 'ready') return;
      if (how === 'failed') await othersOf(one, followed, clock);
      resolve(how === 'failed' ? 'failed' : 'timed-out');
    }, reject);
  }
  Promise.all([...required.map(({ end }) => end), ...firstTries]).then(
    () => resolve(verdict(required)),
    reject,
  );
  const cancel = timeoutMs > 0 ? clock.after(timeoutMs, () => resolve(verdict(required))) : () => {};
  const stop = () => resolve('stopped');
  if (stopping.aborted) stop();
  else stopping.addEventListener('abort', stop, { once: true });
  try {
    return await promise;
  } finally {
    cancel();
    stopping.removeEventListener('abort', stop);
  }
}

/** After an RBAC denial, waits for the first tries of that kind, so that one Role covers all denials. */
async function othersOf(
  { wanted, progress }: Followed,
  followed: readonly Followed[],
  clock: Clock,
): Promise<void> {
  if ((progress().failure?.permissions ?? []).length === 0) return;
  const kinds = new Set(kindsOf(wanted));
  const others = followed.filter((other) => kindsOf(other.wanted).some((kind) => kinds.has(kind)));
  await inTime(clock, othersGraceMs, Promise.all(others.map(({ firstTry }) => firstTry)));
}

function kindsOf(wanted: Wanted): readonly string[] {
  return isGroup(wanted) ? wanted.members.map(({ kind }) => kind) : [wanted.kind];
}

/** A permanent failure takes precedence over a timeout. */
function verdict(required: readonly Followed[]): Result {
  const states = required.map(({ progress }) => progress().state);
  if (states.includes('failed')) return 'failed';
  return states.every((state) => state === 'ready') ? 'ready' : 'timed-out';
}
