import type { Family } from '../series/family.ts';
import type { FamilyKind } from '../series/family-kind.ts';
import { escapeValue } from '../series/labels.ts';
import { HistogramSeries, NumberSeries, type Series, SetSeries, SummarySeries } from '../series/series.ts';
import { formatNumber } from './format-number.ts';
import type { PlainMetric, PlainSample } from './plain-metric.ts';

/** Type names in an exposition, by kind of metric. */
export const exposedTypes: Readonly<Record<FamilyKind, string>> = {
  counter: 'counter',
  gauge: 'gauge',
  set: 'gauge',
  summary: 'summary',
  histogram: 'histogram',
};

/** Writes the lines before a metric's samples; text format 0.0.4. */
function header(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
}

export function familyHeader({ name, kind, help }: Family): string {
  return header(name, exposedTypes[kind], help);
}

export function renderPlain({ name, type, help, samples }: PlainMetric): string {
  return header(name, type, help) + samples.map(renderSample).join('');
}

function renderSample({ name, labels, value }: PlainSample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeValue(text)}"`);
  return line(name, pairs.join(','), value);
}

/** Writes all sample lines of one series. */
export function renderSeries(name: string, series: Series, nowMs: number): string {
  if (series instanceof NumberSeries) return line(name, series.labels.text, series.value);
  if (series instanceof SummarySeries) return renderSummary(name, series, nowMs);
  if (series instanceof HistogramSeries) return renderHistogram(name, series);
  if (series instanceof SetSeries) return line(name, series.labels.text, series.members.count(nowMs));
  throw new TypeError('unknown kind of series');
}

function line(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${formatNumber(value)}\n` : `${name}{${labels}} ${formatNumber(value)}\n`;
}

function renderSummary(
  name: string,
  { labels, options, quantiles, sum, count }: SummarySeries,
  nowMs: number,
): string {
  const lead = labels.text === '' ? '' : `${labels.text},`;
  let text = '';
  for (const { quantile } of options.quantiles) {
    text += line(name, `${lead}quantile="${formatNumber(quantile)}"`, quantiles.query(quantile, nowMs));
  }
  return text + line(`${name}_sum`, labels.text, sum) + line(`${name}_count`, labels.text, count);
}

function renderHistogram(name: string, { labels, options, counts, sum, count }: HistogramSeries): string {
  const lead = labels.text === '' ? '' : `${labels.text},`;
  let text = '';
  let cumulated = 0;
  for (const [at, bound] of options.buckets.entries()) {
    cumulated += counts[at] ?? 0;
    text += line(`${name}_bucket`, `${lead}le="${formatNumber(bound)}"`, cumulated);
  }
  text += line(`${name}_bucket`, `${lead}le="+Inf"`, count);
  return text + line(`${name}_sum`, labels.text, sum) + line(`${name}_count`, labels.text, count);
}
