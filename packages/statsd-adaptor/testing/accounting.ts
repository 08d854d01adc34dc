import type { Counts } from '../src/counts.ts';

const lineFaults = new Set([
  'malformed_line',
  'mixed_tagging_styles',
  'not_enough_parts_after_colon',
  'invalid_extended_aggregate_type',
]);

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

/** Possible outcomes of a sample; without sampling rates each has one. */
export function sampleEnds(counts: Counts): number {
  return (
    sum([...counts.sampleErrors].filter(([fault]) => !lineFaults.has(fault)).map(([, count]) => count)) +
    sum(counts.eventErrors.values()) +
    sum([...counts.conflicts.values()].map(({ count }) => count)) +
    sum(Object.values(counts.events)) +
    sum(Object.values(counts.seriesRefused)) +
    counts.dropped
  );
}

/** Possible outcomes of a line without samples. */
export function lineEnds(counts: Counts): number {
  const faults = [...counts.sampleErrors]
    .filter(([fault]) => lineFaults.has(fault))
    .map(([, count]) => count);
  return sum(faults) + counts.dogstatsdEvents + counts.dogstatsdServiceChecks;
}
