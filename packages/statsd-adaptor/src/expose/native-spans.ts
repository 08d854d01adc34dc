import type { SparseBuckets } from '../series/sparse-buckets.ts';

/** Consecutive buckets, and the gap between them and the previous span, or index 0 for the first. */
export interface Span {
  readonly offset: number;
  length: number;
}

export interface Spans {
  readonly spans: readonly Span[];
  /** The count of each bucket in the spans, minus that of the previous one. */
  readonly deltas: readonly number[];
}

/** The largest count to write, so that differences fit in 64 bits; weights of samples may add up to more. */
export const maxCount = 2 ** 62;

/** Maximum gap to fill with empty buckets, which take less space than another span. */
const maxGap = 2;

/** Encodes buckets as spans of a native histogram; source: `makeBuckets` of client_golang. */
export function spansOf({ indexes, counts }: SparseBuckets): Spans {
  const spans: Span[] = [];
  const deltas: number[] = [];
  let next = 0;
  let last = 0;
  const append = (span: Span, count: number) => {
    span.length++;
    deltas.push(count - last);
    last = count;
  };
  for (const [at, index] of indexes.entries()) {
    const gap = index - next;
    let span = spans.at(-1);
    if (span === undefined || gap > maxGap) {
      span = { offset: gap, length: 0 };
      spans.push(span);
    } else for (let empty = 0; empty < gap; empty++) append(span, 0);
    append(span, Math.min(counts[at] ?? 0, maxCount));
    next = index + 1;
  }
  return { spans, deltas };
}
