import { expect } from 'vitest';
import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { volumeNotShared } from './volume-not-shared.ts';

const mount = (name: string, mountPath: string, more = {}) => ({
  volumeMounts: [{ name, mountPath, ...more }],
});
const app = container('app', 'example.com/app:1', mount('logs', '/var/log/app'));
const emptyDirs = (...names: string[]) => names.map((name) => ({ name, emptyDir: { sizeLimit: '64Mi' } }));

testRule(volumeNotShared, {
  fires: [
    [
      'a shipper whose volume the app does not mount',
      workload({
        containers: [web],
        initContainers: [sidecar('shipper', 'fluent/fluent-bit:3.1', mount('logs', '/var/log/app'))],
        volumes: emptyDirs('logs'),
      }),
      { container: 'shipper' },
    ],
    [
      'two volumes at one path',
      workload({
        containers: [app],
        initContainers: [sidecar('shipper', 'fluent/fluent-bit:3.1', mount('more-logs', '/var/log/app'))],
        volumes: emptyDirs('logs', 'more-logs'),
      }),
      { message: expect.stringContaining('different volumes') },
    ],
    [
      'an init container that prepares a volume without a reader',
      workload({
        containers: [web],
        initContainers: [container('fetch', 'example.com/fetch:1', mount('content', '/work'))],
        volumes: emptyDirs('content'),
      }),
      { container: 'fetch' },
    ],
    [
      'a volume that every container mounts read-only',
      workload({
        containers: [
          container('app', 'example.com/app:1', mount('logs', '/var/log/app', { readOnly: true })),
        ],
        initContainers: [
          sidecar('shipper', 'fluent/fluent-bit:3.1', mount('logs', '/var/log/app', { readOnly: true })),
        ],
        volumes: emptyDirs('logs'),
      }),
      { message: expect.stringContaining('read-only') },
    ],
  ],
  passes: [
    [
      'a volume that both mount',
      workload({
        containers: [app],
        initContainers: [
          sidecar('shipper', 'fluent/fluent-bit:3.1', mount('logs', '/logs', { readOnly: true })),
        ],
        volumes: emptyDirs('logs'),
      }),
    ],
    [
      'a volume of the app alone',
      workload({
        containers: [container('app', 'example.com/app:1', mount('tmp', '/tmp'))],
        initContainers: [sidecar('shipper', 'fluent/fluent-bit:3.1')],
        volumes: emptyDirs('tmp'),
      }),
    ],
    [
      'a state volume of a shipper that shares the logs',
      workload({
        containers: [app],
        initContainers: [
          sidecar('log-shipper', 'fluent/fluent-bit:3.1', {
            volumeMounts: [
              { name: 'logs', mountPath: '/logs' },
              { name: 'state', mountPath: '/var/lib/log-shipper' },
            ],
          }),
        ],
        volumes: emptyDirs('logs', 'state'),
      }),
    ],
    ['one container', workload({ containers: [app], volumes: emptyDirs('logs') })],
  ],
});
