/** Counts at a moment (milliseconds, monotonic). A count that is not known is undefined. */
export interface Sample {
  readonly at: number;
  readonly counters: Readonly<Record<string, number | undefined>>;
}

/** A rate over a longer gap between looks would not be the current one. */
const longestMs = 3000;

/** `commands` → `commandsPerSecond`; none across a restart, which resets counters, or a pause. */
export function ratesOf(sample: Sample, before: Sample | undefined): Record<string, number> {
  if (before === undefined || sample.at <= before.at || sample.at - before.at > longestMs) return {};
  const seconds = (sample.at - before.at) / 1000;
  const rates = Object.entries(sample.counters).flatMap(([name, count]): Array<[string, number]> => {
    const earlier = before.counters[name];
    if (count === undefined || earlier === undefined || count < earlier) return [];
    return [[`${name}PerSecond`, rounded((count - earlier) / seconds)]];
  });
  return Object.fromEntries(rates);
}

function rounded(value: number): number {
  return value < 10 ? Math.ceil(value * 10) / 10 : Math.round(value);
}
