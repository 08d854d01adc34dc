import type { LineFault } from './parse/line.ts';
import type { Refusal } from './series/registry.ts';

/** Reasons for discarding an event: the `reason` of `events_error_total`. */
export type EventFault = 'empty_metric_name' | 'illegal_negative_counter' | 'illegal_not_finite_value';

/** Reasons for refusing a line, or one of its samples or tags. */
export type Fault = LineFault | EventFault | Refusal | 'bad_tag';

/** Explanations of the reasons, for people. */
export const meanings: Readonly<Record<Fault, string>> = {
  malformed_line: 'not name:value|type in UTF-8',
  mixed_tagging_styles: 'tags in the name and DogStatsD tags (|#) in one line',
  not_enough_parts_after_colon: 'no | after the value, so no type',
  invalid_extended_aggregate_type:
    'a colon before the first |, but no packed values of this type; the name may hold a colon',
  malformed_component: 'an empty part between two |, or too many parts',
  malformed_value: 'the value is not a number',
  invalid_sample_factor: 'a sampling rate that is not a number (taken as 1), or an unknown section',
  malformed_container_id: 'a section c: without an ID',
  illegal_event: 'an unknown type: expected c, g, ms, h, d or s',
  empty_metric_name: 'the rule makes an empty name of it',
  illegal_negative_counter: 'a counter cannot go down',
  illegal_not_finite_value: 'NaN or infinite, which would stay in a sum for ever',
  conflict: 'the name, or one such as NAME_count, has another type or is a metric of the adaptor itself',
  total_limit: 'a new series beyond --statsd.series-limit',
  metric_limit: 'a new series beyond --statsd.series-limit-per-metric',
  memory_limit: 'a new series beyond --statsd.series-memory',
  bad_tag: 'a tag without key or value, or with a name that Prometheus keeps for itself; the sample is kept',
};
