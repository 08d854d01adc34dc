/** Current names of `summary_options` fields, by their names in older READMEs of statsd_exporter. */
export const oldSummaryFields: ReadonlyMap<string, string> = new Map([
  ['max_summary_age', 'max_age'],
  ['summary_age_buckets', 'age_buckets'],
  ['stream_buffer_size', 'buf_cap'],
]);

/** Current paths of fields that rules or the defaults had in older releases of statsd_exporter. */
export const oldFields: ReadonlyMap<string, string> = new Map([
  ['timer_type', 'observer_type'],
  ['buckets', 'histogram_options.buckets'],
  ['quantiles', 'summary_options.quantiles'],
  ...[...oldSummaryFields].map(([old, today]) => [old, `summary_options.${today}`] as const),
]);
