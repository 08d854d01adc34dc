import { expect } from 'vitest';
import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { logSidecarForStdout } from './log-sidecar-for-stdout.ts';

testRule(logSidecarForStdout, {
  fires: [
    [
      'a shipper that shares no volume',
      workload({
        containers: [web],
        initContainers: [
          sidecar('shipper', 'fluent/fluent-bit:3.1', {
            volumeMounts: [{ name: 'c', mountPath: '/fluent-bit/etc' }],
          }),
        ],
        volumes: [{ name: 'c', configMap: { name: 'c' } }],
      }),
      { container: 'shipper', message: expect.stringContaining('no volume') },
    ],
    [
      'a shipper that reads the logs of the node',
      workload({
        containers: [
          web,
          container('filebeat', 'docker.elastic.co/beats/filebeat:8.15.0', {
            volumeMounts: [{ name: 'n', mountPath: '/var/log' }],
          }),
        ],
        volumes: [{ name: 'n', hostPath: { path: '/var/log/pods' } }],
      }),
      { message: expect.stringContaining('whole node') },
    ],
  ],
  passes: [
    [
      'a shipper that shares the folder of the logs',
      workload({
        containers: [
          container('app', 'example.com/app:1', { volumeMounts: [{ name: 'l', mountPath: '/logs' }] }),
        ],
        initContainers: [
          sidecar('shipper', 'fluent/fluent-bit:3.1', { volumeMounts: [{ name: 'l', mountPath: '/logs' }] }),
        ],
        volumes: [{ name: 'l', emptyDir: {} }],
      }),
    ],
    [
      'an agent of the node',
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'x' },
        spec: {
          selector: { matchLabels: { a: 'b' } },
          template: {
            metadata: { labels: { a: 'b' } },
            spec: {
              containers: [
                container('fluent-bit', 'fluent/fluent-bit:3.1', {
                  volumeMounts: [{ name: 'n', mountPath: '/var/log' }],
                }),
              ],
              volumes: [{ name: 'n', hostPath: { path: '/var/log/pods' } }],
            },
          },
        },
      },
    ],
    [
      'a sidecar of another kind',
      workload({
        containers: [web],
        initContainers: [sidecar('git-sync', 'registry.k8s.io/git-sync/git-sync:v4.3.0')],
      }),
    ],
  ],
});
