import { expect } from 'vitest';
import { container, httpGet, sidecar, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { livenessChecksDependency } from './liveness-checks-dependency.ts';

const live = (livenessProbe: Record<string, unknown>) =>
  workload({
    containers: [container('web', 'example.com/web:1', { ports: [{ containerPort: 8080 }], livenessProbe })],
    initContainers: [
      sidecar('redis-ambassador', 'example.com/redis-ambassador:1', {
        ports: [{ containerPort: 6379, name: 'redis' }],
      }),
    ],
  });
const exec = (command: string) => live({ exec: { command: ['sh', '-c', command] } });

testRule(livenessChecksDependency, {
  fires: [
    [
      'the port of a neighbour',
      live({ tcpSocket: { port: 6379 } }),
      { container: 'web', message: expect.stringContaining('redis-ambassador') },
    ],
    [
      'the readiness endpoint',
      live(httpGet(8080, '/readyz')),
      { message: expect.stringContaining('/readyz') },
    ],
    ['another host', exec('redis-cli -h redis ping'), { message: expect.stringContaining('checks redis') }],
    ['a URL elsewhere', exec('curl -f http://api.example.com/health')],
    ['nc to another host', exec('nc -z db 5432')],
  ],
  passes: [
    ['its own endpoint', live(httpGet(8080, '/livez'))],
    ['a command to itself', exec('redis-cli ping')],
    ['a URL at localhost', exec('curl -f http://localhost:8080/health')],
    [
      'readiness that asks a neighbour',
      workload({ containers: [container('web', 'x:1', { readinessProbe: httpGet(6379) })] }),
    ],
  ],
});
