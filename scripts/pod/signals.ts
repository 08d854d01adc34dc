import { constants } from 'node:os';

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Aborts at the first SIGINT, SIGTERM or SIGHUP, with its name as the reason; none of them ends this process by itself.
 * Ctrl-C at a busy moment comes more than once: the stop that the first one began is bounded, and goes on.
 */
export function stopSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of names) process.on(name, () => controller.abort(name));
  return controller.signal;
}

/** The exit code of a program that such a signal ended. */
export function exitCodeOf(stopping: AbortSignal): number {
  const name = names.find((each) => each === stopping.reason);
  return name === undefined ? 1 : 128 + constants.signals[name];
}

/** With the terminal (SIGHUP), or `head`, gone, there is nobody to tell, but processes to stop. */
export function ignoreLostTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
