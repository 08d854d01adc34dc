import { expect } from 'vitest';
import { container, web, workload } from '../../testing/manifests.ts';
import { ruleOf, testRule } from '../../testing/rule-table.ts';

const mounting = (name: string) => container('a', 'b:1', { volumeMounts: [{ name, mountPath: '/data' }] });

testRule(ruleOf('missing-volume'), {
  fires: [
    [
      'a mount of a volume that the pod does not have',
      workload({ containers: [mounting('logs')] }),
      { container: 'a', message: expect.stringContaining('"logs"') },
    ],
    [
      'a mount in an init container',
      workload({
        containers: [web],
        initContainers: [mounting('data')],
        volumes: [{ name: 'dta', emptyDir: {} }],
      }),
    ],
    [
      'a device',
      workload({
        containers: [container('a', 'b:1', { volumeDevices: [{ name: 'disk', devicePath: '/dev/x' }] })],
      }),
    ],
  ],
  passes: [
    [
      'a volume of the pod',
      workload({ containers: [mounting('logs')], volumes: [{ name: 'logs', emptyDir: {} }] }),
    ],
    [
      'a claim of a StatefulSet',
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'x' },
        spec: {
          serviceName: 'x',
          selector: { matchLabels: { a: 'b' } },
          template: { metadata: { labels: { a: 'b' } }, spec: { containers: [mounting('data')] } },
          volumeClaimTemplates: [
            {
              metadata: { name: 'data' },
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          ],
        },
      },
    ],
  ],
});
