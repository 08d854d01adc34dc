import { expect } from 'vitest';
import { container, httpGet, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { probeWithHost } from './probe-with-host.ts';

const probing = (more: Record<string, unknown>) =>
  workload({ containers: [container('web', 'example.com/web:1', more)] });

testRule(probeWithHost, {
  fires: [
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
    ['no host', probing({ readinessProbe: httpGet(80), livenessProbe: { tcpSocket: { port: 80 } } })],
    [
      'a Host header',
      probing({
        readinessProbe: { httpGet: { port: 80, httpHeaders: [{ name: 'Host', value: 'example.com' }] } },
      }),
    ],
  ],
});
