import type { MetricObjectWithValues, MetricValue, Registry as ProcessRegistry } from 'prom-client';
import { formatNumber } from './format-number.ts';
import type { PlainMetric } from './plain-metric.ts';

/** Reads the metrics of the process from the kit's registry. */
export async function readProcessMetrics(metrics: ProcessRegistry): Promise<PlainMetric[]> {
  return (await metrics.getMetricsAsJSON()).map(toPlain);
}

/** Lists all possible sample names of these metrics. */
export function processSampleNames(metrics: ProcessRegistry): string[] {
  return metrics
    .getMetricsAsArray()
    .flatMap(({ name }) => [name, `${name}_sum`, `${name}_count`, `${name}_bucket`]);
}

type ProcessMetric = MetricObjectWithValues<MetricValue<string> & { readonly metricName?: string }>;

function toPlain({ name, help, type, values }: ProcessMetric): PlainMetric {
  const samples = values.map(({ labels, value, metricName = name }) => ({
    name: metricName,
    labels: Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, labelValue(text)])),
    value,
  }));
  return { name, help, type: String(type), samples };
}

function labelValue(value: string | number | undefined): string {
  return typeof value === 'number' ? formatNumber(value) : (value ?? '');
}
