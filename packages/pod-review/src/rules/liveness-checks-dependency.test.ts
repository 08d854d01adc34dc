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
      'a port of another container',
      live({ tcpSocket: { port: 6379 } }),
      { container: 'web', message: expect.stringContaining('redis-ambassador') },
    ],
    [
      'the readiness endpoint',
      live(httpGet(8080, '/readyz')),
      { message: expect.stringContaining('/readyz') },
    ],
    ['another host', exec('redis-cli -h redis ping'), { message: expect.stringContaining('checks redis') }],
    ['a URL of another host', exec('curl -f http://api.example.com/health')],
    ['nc to another host', exec('nc -z db 5432')],
  ],
  passes: [
    ['its own endpoint', live(httpGet(8080, '/livez'))],
    ['a command that asks its own server', exec('redis-cli ping')],
    ['a URL at localhost', exec('curl -f http://localhost:8080/health')],
    [
      'a readiness probe that checks another container',
      workload({ containers: [container('web', 'x:1', { readinessProbe: httpGet(6379) })] }),
    ],
  ],
});
