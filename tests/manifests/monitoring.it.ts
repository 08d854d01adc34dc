import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed, needs } from '@pod-patterns/kit/testing/needs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';

const folder = join(import.meta.dirname, '../../k8s/components/monitoring');
const rulesFile = join(folder, 'pod-patterns.rules');
const objectFile = join(folder, 'operator/prometheus-rule.yaml');
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const promtool = installed('promtool');

/** The rules for the Prometheus Operator: the same groups in an object of its kind. */
function prometheusRule(): string {
  const object = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: {
      name: 'pod-patterns',
      namespace: 'pod-patterns',
      labels: { 'app.kubernetes.io/name': 'web', 'app.kubernetes.io/instance': 'pod-patterns' },
    },
    spec: parse(readFileSync(rulesFile, 'utf8')),
  };
  return `# Written from pod-patterns.rules.\n${stringify(object, { lineWidth: 0 })}`;
}

it('prometheus-rule.yaml has the rules of pod-patterns.rules', () => {
  if (isUpdate) writeFileSync(objectFile, prometheusRule());
  expect(readFileSync(objectFile, 'utf8')).toBe(prometheusRule());
});

describe('promtool', needs(promtool), () => {
  const run = (...args: readonly string[]) =>
    execFileSync(promtool.path, args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: 'pipe' });

  it('accepts the rules', () => {
    expect(run('check', 'rules', rulesFile)).toMatch(/SUCCESS: \d+ rules found/);
  });

  it('fires each alert at the right time, and not before', () => {
    expect(run('test', 'rules', 'alerts.promtool.yaml')).toContain('SUCCESS');
  });

  it('tests every alert', () => {
    const { groups } = parse(readFileSync(rulesFile, 'utf8'));
    const { tests } = parse(readFileSync(join(import.meta.dirname, 'alerts.promtool.yaml'), 'utf8'));
    const alerts = (groups as Array<{ rules: Array<{ alert: string }> }>).flatMap(({ rules }) =>
      rules.map(({ alert }) => alert),
    );
    const tested = (tests as Array<{ alert_rule_test: Array<{ alertname: string }> }>).flatMap(
      ({ alert_rule_test }) => alert_rule_test.map(({ alertname }) => alertname),
    );
    expect(new Set(tested)).toEqual(new Set(alerts));
  });
});
