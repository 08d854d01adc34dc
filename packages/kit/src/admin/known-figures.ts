import { type Metric, type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client';

/**
 * A registry that leaves out values that are not numbers: a gauge set to NaN is not known yet, or not any more. Prometheus
 * would store NaN as a sample, which every sum over it then is.
 */
export class KnownFigures extends Registry {
  override registerMetric<Label extends string>(metric: Metric<Label>): void {
    const read: () => Promise<MetricObjectWithValues<MetricValue<Label>>> = metric.get.bind(metric);
    const readKnown = async () => {
      const all = await read();
      return { ...all, values: all.values.filter(({ value }) => !Number.isNaN(value)) };
    };
    Object.defineProperty(metric, 'get', { value: readKnown });
    super.registerMetric(metric);
  }
}
