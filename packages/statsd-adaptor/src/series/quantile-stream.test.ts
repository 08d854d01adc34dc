import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuantileStream } from './quantile-stream.ts';
import { SlidingQuantiles } from './sliding-quantiles.ts';

const targets = [
  { quantile: 0.5, error: 0.05 },
  { quantile: 0.9, error: 0.01 },
  { quantile: 0.99, error: 0.001 },
];

/** A stream of these values, added in batches. */
function streamOf(values: readonly number[], { batch = 500, all = targets } = {}): QuantileStream {
  const stream = new QuantileStream(all);
  for (let at = 0; at < values.length; at += batch)
    add(
      stream,
      values.slice(at, at + batch).map((value) => [value, 1]),
    );
  return stream;
}

function add(stream: QuantileStream, pairs: ReadonlyArray<readonly [number, number]>): void {
  const sorted = pairs.toSorted(([a], [b]) => a - b);
  stream.add(Float64Array.from(sorted.flat()), sorted.length);
}

/** Distance of an answer's rank from the quantile, as a fraction. */
function rankError(values: readonly number[], quantile: number, answer: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(quantile * sorted.length));
  const first = sorted.findIndex((value) => value >= answer) + 1;
  const last = sorted.findLastIndex((value) => value <= answer) + 1;
  return Math.max(0, rank - last, first - rank) / sorted.length;
}

/** Repeatable numbers from 0 to 1. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const shapes: ReadonlyArray<readonly [string, (draw: () => number, at: number) => number]> = [
  ['uniform', (draw) => draw()],
  ['exponential', (draw) => -Math.log(1 - draw())],
  ['heavy-tailed', (draw) => (1 - draw()) ** -1.5],
  ['rising', (_, at) => at],
  ['falling', (_, at) => -at],
  ['sawtooth', (_, at) => at % 997],
  ['whole milliseconds', (draw) => Math.floor(-Math.log(1 - draw()) * 50)],
  ['two peaks', (draw) => (draw() < 0.95 ? draw() : 1000 + draw())],
  ['all the same', () => 7],
];

describe('QuantileStream', () => {
  it('knows nothing before the first value', () => {
    expect(new QuantileStream(targets).query(0.5)).toBeNaN();
  });

  it('is exact, by nearest rank, up to 500 different values', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
      minLength: 1,
      maxLength: 500,
    });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (all, batch) => {
        const sorted = all.toSorted((a, b) => a - b);
        const stream = streamOf(all, { batch });
        for (const { quantile } of targets) {
          const nearest = sorted[Math.max(0, Math.ceil(quantile * all.length) - 1)] ?? Number.NaN;
          // 0 and -0 are one value
          expect(stream.query(quantile) + 0).toBe(nearest + 0);
        }
      }),
      { numRuns: 100, examples: [[[-0, 0], 1]] },
    );
  });

  describe.each(shapes)('of %s values', (_, shape) => {
    it.each([[1000], [20_000], [50_000]])('stays within its errors over %d of them', (count) => {
      const draw = random(count);
      const values = Array.from({ length: count }, (_unused, at) => shape(draw, at));
      const stream = streamOf(values);
      for (const { quantile, error } of targets) {
        expect(rankError(values, quantile, stream.query(quantile))).toBeLessThanOrEqual(error);
      }
    });
  });

  it('keeps the least and the greatest value for the quantiles 0 and 1', () => {
    const draw = random(5);
    const values = Array.from({ length: 50_000 }, () => draw());
    const ends = [0, 0.5, 1].map((quantile) => ({ quantile, error: 0.001 }));
    const stream = streamOf(values, { all: ends });
    for (const { quantile } of ends) {
      expect(rankError(values, quantile, stream.query(quantile))).toBeLessThanOrEqual(0.001);
    }
    expect(stream.query(1)).toBe(Math.max(...values));
  });

  it('counts a value with a weight like that many values', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 50 }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 2000 }), (pairs) => {
        const stream = new QuantileStream(targets);
        for (let at = 0; at < pairs.length; at += 100) add(stream, pairs.slice(at, at + 100));
        const values = pairs.flatMap(([value, weight]) => Array<number>(weight).fill(value));
        for (const { quantile, error } of targets) {
          expect(rankError(values, quantile, stream.query(quantile))).toBeLessThanOrEqual(error);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('answers exactly where nearly all of the weight is in one value', () => {
    const stream = new QuantileStream(targets);
    const light = Array.from({ length: 2000 }, (_, at) => [at, 1] as const);
    add(stream, light);
    add(stream, [[1000.5, 1e9]]);
    add(stream, light);
    expect(targets.map(({ quantile }) => stream.query(quantile))).toEqual([1000.5, 1000.5, 1000.5]);
  });
});

describe('SlidingQuantiles', () => {
  const options = { quantiles: targets, maxAgeMs: 10_000, ageBuckets: 5, bufferSize: 100 };
  const median = (quantiles: SlidingQuantiles, nowMs: number) => quantiles.query(0.5, nowMs);

  it('forgets values once they are older than the window, and not before four fifths of it', () => {
    const quantiles = new SlidingQuantiles(options, 0);
    quantiles.observe(1, 1, 500);
    expect([2500, 7999, 9999].map((now) => median(quantiles, now))).toEqual([1, 1, 1]);
    expect(median(quantiles, 10_500)).toBeNaN();
  });

  it('drops old values step by step', () => {
    const quantiles = new SlidingQuantiles(options, 0);
    for (let second = 0; second < 20; second++) quantiles.observe(second, 1, second * 1000);
    // steps start every 2 s; at 19 s the oldest that is left began at 10 s
    expect(median(quantiles, 19_000)).toBe(14);
    expect(median(quantiles, 22_000)).toBe(16);
    expect(median(quantiles, 26_000)).toBe(18);
    expect(median(quantiles, 28_001)).toBeNaN();
  });

  it('starts afresh after a long silence', () => {
    const quantiles = new SlidingQuantiles(options, 0);
    quantiles.observe(1, 1, 0);
    expect(median(quantiles, 1e9)).toBeNaN();
    quantiles.observe(2, 1, 1e9);
    expect(median(quantiles, 1e9 + 1)).toBe(2);
  });

  it('gives the same answers however values are buffered and weighted', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 5 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 20 }), (all, bufferSize) => {
        const one = new SlidingQuantiles({ ...options, bufferSize }, 0);
        const other = new SlidingQuantiles(options, 0);
        for (const [at, [value, weight]] of all.entries()) {
          one.observe(value, weight, at * 100);
          for (let times = 0; times < weight; times++) other.observe(value, 1, at * 100);
        }
        for (const { quantile } of targets) {
          expect(one.query(quantile, all.length * 100)).toBe(other.query(quantile, all.length * 100));
        }
      }),
    );
  });
});
