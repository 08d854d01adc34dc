import { Family } from '../series/family.ts';
import { type ExposedSeries, metricsInOrder } from './metrics-in-order.ts';
import type { PlainMetric } from './plain-metric.ts';
import { familyHeader, renderPlain, renderSeries } from './render.ts';

const pieceLength = 32 << 10;
const pieceMs = 2;

/**
 * Yields the whole exposition as text, sorted by metric name, in pieces of at most about 32 KB and 2 ms. The caller
 * does other work between pieces; series created or removed meanwhile may be missing, but none appears twice.
 */
export function* exposition(
  series: ExposedSeries,
  plain: readonly PlainMetric[],
  now: () => number,
): Generator<string> {
  let text = '';
  let since = now();
  for (const metric of metricsInOrder(series, plain)) {
    if (!(metric instanceof Family)) {
      text += renderPlain(metric);
      continue;
    }
    text += familyHeader(metric);
    for (const one of [...metric.series.values()]) {
      const at = now();
      if (text.length >= pieceLength || at - since >= pieceMs) {
        yield text;
        text = '';
        since = now();
      }
      text += renderSeries(metric.name, one, at);
    }
  }
  yield text;
}
