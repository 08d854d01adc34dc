import { describe, expect, it } from 'vitest';
import { LatencyHistogram, latencyBoundsMs } from './figures.ts';

describe('LatencyHistogram', () => {
  it.each([
    [0, 0],
    [0.25, 0],
    [0.26, 1],
    [5000, latencyBoundsMs.length - 1],
    [60_000, latencyBoundsMs.length],
  ])('%d ms falls into bucket %i', (ms, bucket) => {
    const histogram = new LatencyHistogram();
    histogram.observe(ms, 3);
    expect(histogram.counts.indexOf(3)).toBe(bucket);
    expect(histogram.sumMs).toBe(ms * 3);
  });
});
