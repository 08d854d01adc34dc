import { failure } from '../probe/outcome.ts';
import { isGroup, type Wanted } from '../target/target.ts';
import { type Clock, inTime, pause } from './clock.ts';
import { follow, followGroup, type Means } from './follow.ts';
import type { End, Progress } from './progress.ts';

/** How the whole has ended. */
export type Result = 'ready' | 'timed-out' | 'failed' | 'stopped';

/** The end of the whole, and how far each target has come. */
export interface Ended {
  readonly result: Result;
  /** There was to be one try of each. */
  readonly isOnce: boolean;
  readonly elapsedMs: number;
  readonly targets: ReadonlyArray<{ readonly wanted: Wanted; readonly progress: Progress }>;
}

/** Limits from outside. */
export interface Limits {
  /** Of the whole; 0 for none. */
  readonly timeoutMs: number;
  /** Aborts when the user wants it to end. */
  readonly stopping: AbortSignal;
}

/** How much longer the first try of an optional target may take than all the others. */
const optionalGraceMs = 100;

/** How much longer the first tries of others may take that the same server may deny. */
const othersGraceMs = 2000;

/** Waits for all that is wanted at the same time, until all is ready or one of the other ends has come. */
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
    // it holds up no other target, and so ends none
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

/** The one place where the whole comes to its end: whatever happens first. */
async function race(
  followed: readonly Followed[],
  { clock, isOnce }: Pick<Means, 'clock' | 'isOnce'>,
  { timeoutMs, stopping }: Limits,
): Promise<Result> {
  const required = followed.filter(({ wanted }) => !wanted.isOptional);
  // with optional targets only, their first try holds up no other
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

/** Where RBAC denies one target, the first tries of its kind: all that is denied is told at once, to be allowed at once. */
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

/** A permanent failure counts before a lack of time. */
function verdict(required: readonly Followed[]): Result {
  const states = required.map(({ progress }) => progress().state);
  if (states.includes('failed')) return 'failed';
  return states.every((state) => state === 'ready') ? 'ready' : 'timed-out';
}
