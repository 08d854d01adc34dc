/**
 * How long a synchronous run takes. For tests that show linear time with a megabyte of worst input: they allow
 * `mostSeconds`, which no machine needs, while quadratic code takes many minutes.
 */
export function secondsOf(run: () => unknown): number {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
}

/** A very generous bound for a megabyte in linear time. */
export const mostSeconds = 20;
