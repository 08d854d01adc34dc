import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const pages = globSync('docs/runbooks/*.md', { cwd: root }).sort();

interface Alert {
  readonly alert: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly runbook?: string };
}

const { groups } = parse(readFileSync(join(root, 'k8s/components/monitoring/pod-patterns.rules'), 'utf8'));
const alerts = (groups as ReadonlyArray<{ rules: readonly Alert[] }>).flatMap(({ rules }) => rules);

/** Metric names from the tables of the READMEs and the mapping of the app. */
const metricNames = globSync(['packages/*/README.md', 'k8s/app/statsd.mapping'], { cwd: root })
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n');

it('each alert names its runbook, and each runbook has its alert', () => {
  expect(alerts.map(({ annotations }) => annotations.runbook).sort()).toEqual(pages);
});

describe.each(alerts.map((alert) => [alert.alert, alert] as const))('%s', (name, { labels }) => {
  const text = readFileSync(join(root, 'docs/runbooks', `${name}.md`), 'utf8');

  it('has its severity and the sections Meaning, Impact, Look and Do', () => {
    expect(text).toMatch(new RegExp(`^# ${basename(name)}\n\nSeverity: ${labels.severity}\\.\n`));
    const headings = [...text.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(headings).toEqual(['Meaning', 'Impact', 'Look', 'Do']);
  });

  it('names metrics that exist', () => {
    const named =
      text.match(/\b(?:web|log_shipper|redis_ambassador|statsd_adaptor|statsd_exporter)_[a-z_]+/g) ?? [];
    const missing = named.filter(
      (metric) => !metricNames.includes(metric.replace(/_(count|bucket|sum)$/, '')),
    );
    expect(missing).toEqual([]);
  });
});
