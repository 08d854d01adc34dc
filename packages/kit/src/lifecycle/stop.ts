import { constants } from 'node:os';

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
  const take = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) exit(128 + constants.signals[signal]);
    else controller.abort(signal);
  };
  process.on('SIGTERM', take).on('SIGINT', take);
  return {
    stopping: controller.signal,
    [Symbol.dispose]: () => {
      process.off('SIGTERM', take).off('SIGINT', take);
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
