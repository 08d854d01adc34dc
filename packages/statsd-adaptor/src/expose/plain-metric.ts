/** A metric that is not a series of ours, with its values as they were when the scrape began. */
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
