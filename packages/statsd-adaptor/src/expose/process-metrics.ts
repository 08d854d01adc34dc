import type { Registry as ProcessRegistry } from 'prom-client';
import type { TextBlock } from './exposition.ts';

/** Gauges whose names end as a counter's: linters refuse them, and other gauges tell the same by type. */
const misnamed = /^nodejs_active_\w+_total$/;

/** The metrics of the process that the house's registry keeps, as blocks of the exposition. */
export async function processBlocks(metrics: ProcessRegistry): Promise<TextBlock[]> {
  return Promise.all(
    names(metrics).map(async (name) => ({ name, text: `${await metrics.getSingleMetricAsString(name)}\n` })),
  );
}

/** Every name that their samples can have. */
export function processSampleNames(metrics: ProcessRegistry): string[] {
  return names(metrics).flatMap((name) => [name, `${name}_sum`, `${name}_count`, `${name}_bucket`]);
}

function names(metrics: ProcessRegistry): string[] {
  return metrics
    .getMetricsAsArray()
    .map(({ name }) => name)
    .filter((name) => !misnamed.test(name));
}
