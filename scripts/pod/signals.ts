import { constants } from 'node:os';

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Aborts at the first SIGINT, SIGTERM or SIGHUP, with its name as the reason. None of them ends this process directly:
 * further signals do not interrupt the stop, which is bounded.
 */
export function stopSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of names) process.on(name, () => controller.abort(name));
  return controller.signal;
}

/** The exit code after such a signal. */
export function exitCodeOf(stopping: AbortSignal): number {
  const name = names.find((each) => each === stopping.reason);
  return name === undefined ? 1 : 128 + constants.signals[name];
}

/** Without a terminal (SIGHUP) or reader (`| head`), nobody sees output, but processes must still be stopped. */
export function ignoreLostTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
