import { expect } from 'vitest';
import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { ambassadorNotOnLoopback } from './ambassador-not-on-loopback.ts';

const ambassador = (more: Record<string, unknown>) =>
  sidecar('redis-ambassador', 'example.com/redis-ambassador:1', {
    ports: [{ containerPort: 6379 }],
    ...more,
  });
const app = (url: string) =>
  container('app', 'example.com/app:1', { env: [{ name: 'REDIS_URL', value: url }] });
const local = app('redis://127.0.0.1:6379');

testRule(ambassadorNotOnLoopback, {
  fires: [
    [
      'all addresses, by a flag',
      workload({ containers: [local], initContainers: [ambassador({ args: ['--listen', '0.0.0.0:6379'] })] }),
      { container: 'redis-ambassador', message: expect.stringContaining('all addresses') },
    ],
    [
      'all addresses, by a port alone',
      workload({ containers: [local], initContainers: [ambassador({ args: ['--listen=:6379'] })] }),
    ],
    [
      'all addresses, by a variable',
      workload({
        containers: [local],
        initContainers: [ambassador({ env: [{ name: 'LISTEN', value: '0.0.0.0:6379' }] })],
      }),
    ],
    [
      'all addresses, by a ConfigMap',
      [
        workload({
          containers: [local],
          initContainers: [ambassador({ envFrom: [{ configMapRef: { name: 'c' } }] })],
        }),
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { LISTEN: ':6379' } },
      ],
    ],
    [
      'an app that bypasses it',
      workload({ containers: [app('redis://redis.prod.svc:6379')], initContainers: [ambassador({})] }),
      { container: 'app', message: expect.stringContaining('redis.prod.svc') },
    ],
    [
      'an app that bypasses it on the usual port',
      workload({ containers: [app('redis://:secret@redis.prod.svc/0')], initContainers: [ambassador({})] }),
      { container: 'app' },
    ],
    [
      'an app that bypasses it, with host and port in two variables',
      workload({
        containers: [
          container('app', 'example.com/app:1', { env: [{ name: 'REDIS_HOST', value: 'redis.prod' }] }),
        ],
        initContainers: [ambassador({})],
      }),
      { container: 'app' },
    ],
  ],
  passes: [
    [
      'localhost as the host',
      workload({
        containers: [
          container('app', 'example.com/app:1', { env: [{ name: 'REDIS_HOST', value: 'localhost' }] }),
        ],
        initContainers: [ambassador({})],
      }),
    ],
    [
      'loopback, with an app that uses it',
      workload({
        containers: [local],
        initContainers: [ambassador({ args: ['--listen', '127.0.0.1:6379', '--admin-listen', ':9103'] })],
      }),
    ],
    [
      'a proxy for incoming requests on the port of a broker',
      workload({
        containers: [
          web,
          container('kube-rbac-proxy', 'quay.io/brancz/kube-rbac-proxy:v0.18.0', {
            args: ['--secure-listen-address=0.0.0.0:9092', '--upstream=http://127.0.0.1:8080'],
            ports: [{ containerPort: 9092 }],
          }),
        ],
      }),
    ],
    [
      'an unknown proxy that forwards to the app',
      workload({
        containers: [
          web,
          container('gate', 'example.com/gate:1', {
            args: ['--listen=0.0.0.0:9092', '--upstream=http://127.0.0.1:8080'],
            ports: [{ containerPort: 9092 }],
          }),
        ],
      }),
    ],
    [
      'an inbound proxy, which must be reachable from outside',
      workload({
        containers: [web],
        initContainers: [sidecar('nginx', 'nginx:1.27', { ports: [{ containerPort: 8000 }] })],
      }),
    ],
    [
      'an app that uses another backend directly',
      workload({
        containers: [
          container('app', 'example.com/app:1', {
            env: [{ name: 'DATABASE_URL', value: 'postgres://db:5432/x' }],
          }),
        ],
        initContainers: [ambassador({})],
      }),
    ],
  ],
});
