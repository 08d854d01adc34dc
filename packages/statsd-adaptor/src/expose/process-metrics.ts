import type { MetricObjectWithValues, MetricValue, Registry as ProcessRegistry } from 'prom-client';
import { escapeValue } from '../series/labels.ts';
import type { TextBlock } from './exposition.ts';
import { formatNumber } from './format-number.ts';
import { header } from './render.ts';

/** The metrics of the process that the house's registry keeps, written as all others are. */
export async function processBlocks(metrics: ProcessRegistry): Promise<TextBlock[]> {
  return (await metrics.getMetricsAsJSON()).map(renderMetric);
}

/** Every name that their samples can have. */
export function processSampleNames(metrics: ProcessRegistry): string[] {
  return metrics
    .getMetricsAsArray()
    .flatMap(({ name }) => [name, `${name}_sum`, `${name}_count`, `${name}_bucket`]);
}

type ProcessMetric = MetricObjectWithValues<MetricValue<string> & { readonly metricName?: string }>;

function renderMetric({ name, help, type, values }: ProcessMetric): TextBlock {
  const lines = values.map(({ labels, value, metricName = name }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${labelValue(text)}"`);
    return `${metricName}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${formatNumber(value)}\n`;
  });
  return { name, text: header(name, String(type), help) + lines.join('') };
}

function labelValue(value: string | number | undefined): string {
  return typeof value === 'number' ? formatNumber(value) : escapeValue(value ?? '');
}
