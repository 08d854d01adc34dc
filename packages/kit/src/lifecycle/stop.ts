/** POSIX; not from `node:os`, whose loading every start would pay for. */
const signalNumber = { SIGINT: 2, SIGTERM: 15 } as const;

export interface StopSignals extends Disposable {
  /** Aborts at the first SIGTERM or SIGINT, with the signal's name as reason. */
  readonly stopping: AbortSignal;
}

/**
 * Turns the first SIGTERM or SIGINT into an abort; the second ends the process at once with 128 + n.
 * As PID 1 a process without handlers would ignore both, so call this before anything listens.
 */
export function onStopSignals(exit: (code: number) => void = process.exit): StopSignals {
  const controller = new AbortController();
  const take = (signal: keyof typeof signalNumber) => {
    if (controller.signal.aborted) exit(128 + signalNumber[signal]);
    else controller.abort(signal);
  };
  const onTerm = () => take('SIGTERM');
  const onInt = () => take('SIGINT');
  process.on('SIGTERM', onTerm).on('SIGINT', onInt);
  return {
    stopping: controller.signal,
    [Symbol.dispose]: () => {
      process.off('SIGTERM', onTerm).off('SIGINT', onInt);
    },
  };
}

/** Resolves when the signal aborts (also when it already has). */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
