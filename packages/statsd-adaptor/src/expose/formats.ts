import { acceptsProtobuf } from './accepts-protobuf.ts';
import { exposition } from './exposition.ts';
import type { ExposedSeries } from './metrics-in-order.ts';
import type { PlainMetric } from './plain-metric.ts';
import { protobufExposition } from './protobuf-exposition.ts';

export interface Format {
  readonly contentType: string;
  readonly pieces: (
    series: ExposedSeries,
    plain: readonly PlainMetric[],
    now: () => number,
  ) => Iterable<string | Uint8Array>;
}

const text: Format = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores',
  pieces: exposition,
};

const protobuf: Format = {
  contentType:
    'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=underscores',
  pieces: protobufExposition,
};

/** Picks the format for an Accept header: text, unless it prefers protobuf. */
export function formatFor(accept: string | undefined): Format {
  return acceptsProtobuf(accept) ? protobuf : text;
}
