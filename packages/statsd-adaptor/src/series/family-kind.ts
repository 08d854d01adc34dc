/** Kinds of metrics. A set is exposed as a gauge. */
export type FamilyKind = 'counter' | 'gauge' | 'summary' | 'histogram' | 'set';

const suffixes: Readonly<Record<FamilyKind, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  set: [''],
  summary: ['', '_sum', '_count'],
  histogram: ['', '_sum', '_count', '_bucket'],
};

/** All sample names of a metric in an exposition. */
export function sampleNames(name: string, kind: FamilyKind): string[] {
  return suffixes[kind].map((suffix) => name + suffix);
}
