import type { LineFault } from './parse/line.ts';
import type { Refusal } from './series/registry.ts';

/** Reasons for discarding an event: the `reason` of `events_error_total`. */
export type EventFault = 'empty_metric_name' | 'illegal_negative_counter' | 'illegal_not_finite_value';

/** Reasons for refusing a line, or one of its samples or tags. */
export type Fault = LineFault | EventFault | Refusal | 'bad_tag';

/** Explanations of the reasons, for people. */
export const meanings: Readonly<Record<Fault, string>> = {
  malformed_line: 'not name:value|type, or not UTF-8',
  mixed_tagging_styles: 'tags in the name and DogStatsD tags (|#) in one line',
  not_enough_parts_after_colon: 'no type: the value is not followed by |',
  invalid_extended_aggregate_type:
    'a colon before the first |, but not valid packed values of this type; the name may contain a colon',
  malformed_component: 'an empty part between two |, or too many parts',
  malformed_value: 'the value is not a number',
  invalid_sample_factor: 'a sampling rate that is not a number (taken as 1), or an unknown section',
  malformed_container_id: 'a c: section without an ID',
  illegal_event: 'an unknown type: expected c, g, ms, h, d or s',
  empty_metric_name: 'the rule produces an empty name',
  illegal_negative_counter: 'a counter cannot go down',
  illegal_not_finite_value: 'the value is NaN or infinite; a sum would never recover from it',
  conflict:
    'the name, or one derived from it such as NAME_count, has another type or belongs to the adaptor itself',
  total_limit: 'the new series would exceed --statsd.series-limit',
  metric_limit: 'the new series would exceed --statsd.series-limit-per-metric',
  memory_limit: 'the new series would exceed --statsd.series-memory',
  bad_tag:
    'a tag without a key or value, or with a name reserved by Prometheus; the sample is kept without it',
};
