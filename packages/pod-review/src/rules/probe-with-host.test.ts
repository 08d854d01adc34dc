import { expect } from 'vitest';
import { container, httpGet, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { probeWithHost } from './probe-with-host.ts';

const probing = (more: Record<string, unknown>) =>
  workload({ containers: [container('web', 'example.com/web:1', more)] });

testRule(probeWithHost, {
  fires: [
    [
      'another host in a pod with hostNetwork',
      workload({
        hostNetwork: true,
        containers: [
          container('a', 'b:1', { livenessProbe: { httpGet: { host: 'api.example.com', port: 80 } } }),
        ],
      }),
    ],
    [
      'localhost in a pod with hostNetwork: false',
      workload({
        hostNetwork: false,
        containers: [container('a', 'b:1', { livenessProbe: { tcpSocket: { host: '::1', port: 80 } } })],
      }),
    ],
    [
      'localhost in a readiness probe',
      probing({ readinessProbe: { httpGet: { host: '127.0.0.1', port: 80 } } }),
      { container: 'web', message: expect.stringContaining('readinessProbe') },
    ],
    ['a host in a TCP probe', probing({ livenessProbe: { tcpSocket: { host: 'db', port: 5432 } } })],
    [
      'a host in a hook',
      probing({ lifecycle: { preStop: { httpGet: { host: 'localhost', port: 80 } } } }),
      { message: expect.stringContaining('lifecycle.preStop') },
    ],
  ],
  passes: [
    [
      'loopback in a pod with hostNetwork',
      workload({
        hostNetwork: true,
        containers: [
          container('kube-scheduler', 'registry.k8s.io/kube-scheduler:v1.33.0', {
            livenessProbe: { httpGet: { host: '127.0.0.1', port: 10259 } },
            lifecycle: { preStop: { tcpSocket: { host: 'localhost', port: 1 } } },
          }),
        ],
      }),
    ],
    ['no host', probing({ readinessProbe: httpGet(80), livenessProbe: { tcpSocket: { port: 80 } } })],
    [
      'a Host header',
      probing({
        readinessProbe: { httpGet: { port: 80, httpHeaders: [{ name: 'Host', value: 'example.com' }] } },
      }),
    ],
  ],
});
