/** Time, passed in so that tests can control it. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** Runs `act` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, act: () => void): () => void;
}

/** Node fires a timer that is longer than this at once: it takes 32 bits. */
const longestTimerMs = 2 ** 31 - 1;

/** The clock of this machine. */
export const realClock: Clock = {
  // as exact as `performance.now()`, for which Node would load a good deal more
  now: () => process.uptime() * 1000,
  after: (delayMs, act) => {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number) => {
      timer =
        leftMs > longestTimerMs
          ? setTimeout(() => wait(leftMs - longestTimerMs), longestTimerMs)
          : setTimeout(act, leftMs);
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`, or as soon as the signal aborts. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Awaits a result, or undefined after `limitMs`; 0 is no limit. */
export async function inTime<Value>(
  clock: Clock,
  limitMs: number,
  something: Promise<Value>,
): Promise<Value | undefined> {
  if (limitMs === 0) return something;
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const cancel = clock.after(limitMs, () => resolve(undefined));
  try {
    return await Promise.race([something, late]);
  } finally {
    cancel();
  }
}
