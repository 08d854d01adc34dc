/** A metric outside the registry, with its values from the start of the scrape. */
export interface PlainMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly PlainSample[];
}

/** One line of text; a histogram has one for each bucket, one for its sum and one for its count. */
export interface PlainSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
