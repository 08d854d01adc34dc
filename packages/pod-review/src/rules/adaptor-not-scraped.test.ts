import { expect } from 'vitest';
import { httpGet, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { adaptorNotScraped } from './adaptor-not-scraped.ts';

const adaptor = sidecar('statsd', 'prom/statsd-exporter:v0.27.0', {
  ports: [
    { name: 'metrics', containerPort: 9102 },
    { containerPort: 8125, protocol: 'UDP' },
  ],
  startupProbe: httpGet(9102),
});
const pod = (annotations?: Record<string, string>) =>
  workload(
    { containers: [web], initContainers: [adaptor] },
    annotations === undefined ? {} : { annotations },
  );
const monitor = (port: string, labels = { app: 'app' }) => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PodMonitor',
  metadata: { name: 'm' },
  spec: { selector: { matchLabels: labels }, podMetricsEndpoints: [{ port }] },
});
const policy = (ingress: unknown[]) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny' },
  spec: { podSelector: {}, policyTypes: ['Ingress'], ingress },
});

testRule(adaptorNotScraped, {
  fires: [
    [
      'an adaptor that nothing scrapes',
      pod(),
      { container: 'statsd', message: expect.stringContaining('9102') },
    ],
    [
      'an annotation for another port',
      pod({ 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080' }),
      { message: expect.stringContaining('8080') },
    ],
    ['a PodMonitor of another port', [pod(), monitor('http')]],
    ['a PodMonitor of other pods', [pod(), monitor('metrics', { app: 'other' })]],
    [
      'a NetworkPolicy that keeps the scraper out',
      [pod(), monitor('metrics'), policy([{ ports: [{ port: 8080 }] }])],
      { message: expect.stringContaining('deny') },
    ],
  ],
  passes: [
    ['annotations', pod({ 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9102' })],
    ['a PodMonitor', [pod(), monitor('metrics')]],
    [
      'a ServiceMonitor by way of a Service',
      [
        pod(),
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 's', labels: { m: 'y' } },
          spec: { selector: { app: 'app' }, ports: [{ name: 'metrics', port: 9102, targetPort: 'metrics' }] },
        },
        {
          apiVersion: 'monitoring.coreos.com/v1',
          kind: 'ServiceMonitor',
          metadata: { name: 'm' },
          spec: { selector: { matchLabels: { m: 'y' } }, endpoints: [{ port: 'metrics' }] },
        },
      ],
    ],
    [
      'a NetworkPolicy that lets the scraper in',
      [pod(), monitor('metrics'), policy([{ ports: [{ port: 'metrics' }] }])],
    ],
    [
      'an agent that sends by itself',
      workload({ containers: [web], initContainers: [sidecar('telegraf', 'telegraf:1.32')] }),
    ],
  ],
});
