/** Fields of `summary_options` as statsd_exporter's earlier READMEs have them, and what they are called today. */
export const oldSummaryFields: ReadonlyMap<string, string> = new Map([
  ['max_summary_age', 'max_age'],
  ['summary_age_buckets', 'age_buckets'],
  ['stream_buffer_size', 'buf_cap'],
]);

/** Fields that a rule or the defaults had in earlier releases of statsd_exporter, and where each is today. */
export const oldFields: ReadonlyMap<string, string> = new Map([
  ['timer_type', 'observer_type'],
  ['buckets', 'histogram_options.buckets'],
  ['quantiles', 'summary_options.quantiles'],
  ...[...oldSummaryFields].map(([old, today]) => [old, `summary_options.${today}`] as const),
]);
