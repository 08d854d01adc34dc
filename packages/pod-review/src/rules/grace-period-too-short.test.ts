import { expect } from 'vitest';
import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { gracePeriodTooShort } from './grace-period-too-short.ts';

const app = (seconds: number, args: string[] = []) =>
  container('app', 'example.com/app:1', { args, lifecycle: { preStop: { sleep: { seconds } } } });
const draining = (name: string, duration: string) =>
  sidecar(name, 'example.com/x:1', { args: ['--shutdown-timeout', duration] });

testRule(gracePeriodTooShort, {
  fires: [
    [
      'a negative grace period',
      workload({ terminationGracePeriodSeconds: -1, containers: [web] }),
      { message: expect.stringContaining('counts as 1 s') },
    ],
    [
      'drains whose sum is above the default',
      workload({
        containers: [app(5, ['--shutdown-timeout=20s'])],
        initContainers: [draining('shipper', '10s')],
      }),
      {
        message: expect.stringContaining(
          '35 s (app preStop 5 s, then app drain 20 s, then shipper 10 s), but the grace period is 30 s, the default',
        ),
      },
    ],
    [
      'a grace period that was set too short',
      workload({
        terminationGracePeriodSeconds: 40,
        containers: [app(5, ['--shutdown-timeout=20s'])],
        initContainers: [draining('a', '10s'), draining('b', '10s')],
      }),
    ],
    [
      'a hook that sleeps in a shell',
      workload({
        containers: [
          container('app', 'example.com/app:1', {
            lifecycle: { preStop: { exec: { command: ['sh', '-c', 'sleep 45'] } } },
          }),
        ],
      }),
    ],
    [
      'our own programs, which take 20 s by default',
      workload({
        containers: [web],
        initContainers: [
          sidecar('log-shipper', 'pod-patterns/log-shipper:0.1.0'),
          sidecar('statsd-adaptor', 'pod-patterns/statsd-adaptor:0.1.0'),
        ],
      }),
    ],
    [
      'a setting from a ConfigMap',
      [
        workload({
          containers: [container('app', 'example.com/app:1', { envFrom: [{ configMapRef: { name: 'c' } }] })],
        }),
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { SHUTDOWN_TIMEOUT: '1m' } },
      ],
    ],
  ],
  passes: [
    [
      'a grace period for all drains in sequence',
      workload({
        terminationGracePeriodSeconds: 60,
        containers: [app(5, ['--shutdown-timeout=20s'])],
        initContainers: [draining('a', '10s'), draining('b', '10s')],
      }),
    ],
    [
      'containers without a known drain',
      workload({ containers: [web], initContainers: [sidecar('s', 'x:1')] }),
    ],
    [
      'a sidecar’s hook that ends before the app has drained',
      workload({
        containers: [app(5, ['--shutdown-timeout=20s'])],
        initContainers: [sidecar('s', 'x:1', { lifecycle: { preStop: { sleep: { seconds: 20 } } } })],
      }),
    ],
  ],
});
