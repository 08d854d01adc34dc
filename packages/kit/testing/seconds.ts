/**
 * CPU time of a synchronous function, in seconds; other processes do not count. Tests of linear time run a
 * megabyte of the worst input and allow `mostSeconds`, while quadratic code takes many minutes.
 */
export function secondsOf(run: () => unknown): number {
  const start = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1e6;
}

/** Generous bound for a megabyte in linear time. */
export const mostSeconds = 30;
