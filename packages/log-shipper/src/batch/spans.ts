/** Consecutive records of a batch, from number `from` to before number `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Some records of a batch, in order. */
export type Spans = readonly Span[];

export function countOf(spans: Spans): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Splits the records into those at the chosen places and the others. */
export function splitBy(
  spans: Spans,
  isChosen: (place: number) => boolean,
): [chosen: Span[], others: Span[]] {
  const parts: [Span[], Span[]] = [[], []];
  let place = 0;
  for (const { from, to } of spans) {
    for (let number = from; number < to; number++) {
      const part = parts[isChosen(place++) ? 0 : 1];
      const last = part.at(-1);
      if (last?.to === number) part[part.length - 1] = { from: last.from, to: number + 1 };
      else part.push({ from: number, to: number + 1 });
    }
  }
  return parts;
}

/** One span for each record. */
export function onesOf(spans: Spans): Spans[] {
  return spans.flatMap(({ from, to }) =>
    Array.from({ length: to - from }, (_, index) => [{ from: from + index, to: from + index + 1 }]),
  );
}
