import type { FamilyKind } from './family-kind.ts';
import type { LabelText } from './labels.ts';
import type { HistogramOptions } from './series.ts';
import type { SummaryOptions } from './sliding-quantiles.ts';

/** Settings for series of a mapping rule (or of no rule). */
export interface SeriesPolicy {
  readonly help: string;
  /** 0 keeps them for ever. */
  readonly ttlSeconds: number;
  readonly summary: SummaryOptions;
  readonly histogram: HistogramOptions;
}

/** The series of a sample, with the settings to create it. */
export interface SeriesSpec {
  readonly name: string;
  readonly kind: FamilyKind;
  readonly labels: LabelText;
  readonly policy: SeriesPolicy;
}
