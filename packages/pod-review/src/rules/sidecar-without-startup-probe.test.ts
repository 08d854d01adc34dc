import { expect } from 'vitest';
import { container, httpGet, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { sidecarWithoutStartupProbe } from './sidecar-without-startup-probe.ts';

testRule(sidecarWithoutStartupProbe, {
  fires: [
    [
      'an ambassador without any probe',
      workload({
        containers: [web],
        initContainers: [sidecar('redis-ambassador', 'example.com/redis-ambassador:1')],
      }),
      { container: 'redis-ambassador' },
    ],
    [
      'an adaptor with only a readiness probe',
      workload({
        containers: [web],
        initContainers: [
          sidecar('statsd', 'prom/statsd-exporter:v0.27.0', { readinessProbe: httpGet(9102) }),
        ],
      }),
      { message: expect.stringContaining('adaptor') },
    ],
    [
      'a log shipper that listens',
      workload({
        containers: [web],
        initContainers: [sidecar('fluentd', 'fluentd:v1.17', { ports: [{ containerPort: 24224 }] })],
      }),
    ],
  ],
  passes: [
    [
      'an ambassador with a startup probe',
      workload({
        containers: [web],
        initContainers: [
          sidecar('redis-ambassador', 'example.com/redis-ambassador:1', { startupProbe: httpGet(9103) }),
        ],
      }),
    ],
    [
      'a sidecar without ports',
      workload({
        containers: [web],
        initContainers: [sidecar('git-sync', 'registry.k8s.io/git-sync/git-sync:v4.3.0')],
      }),
    ],
    [
      'a helper that is an ordinary container',
      workload({ containers: [web, container('proxy', 'envoyproxy/envoy:v1.32.0')] }),
    ],
  ],
});
