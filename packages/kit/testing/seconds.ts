/**
 * Measures the CPU time of a synchronous run; other processes do not count. For tests that show
 * linear time with a megabyte of worst input: they allow `mostSeconds`, which no machine needs, while quadratic code
 * takes many minutes.
 */
export function secondsOf(run: () => unknown): number {
  const start = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1e6;
}

/** A very generous bound for a megabyte in linear time. */
export const mostSeconds = 30;
