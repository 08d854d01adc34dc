import { expect } from 'vitest';
import { container, web, workload } from '../../testing/manifests.ts';
import { ruleOf, testRule } from '../../testing/rule-table.ts';

testRule(ruleOf('missing-field'), {
  fires: [
    [
      'a container without an image',
      workload({ containers: [{ name: 'a' }] }),
      { container: 'a', message: expect.stringContaining('image') },
    ],
    ['a container without a name', workload({ containers: [{ image: 'b:1' }] })],
    ['a pod without containers', workload({ containers: [] })],
    [
      'a Deployment without a selector',
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'x' },
        spec: { template: { spec: { containers: [web] } } },
      },
    ],
    ['an object without a name', { apiVersion: 'v1', kind: 'ConfigMap' }],
    [
      'a probe without a handler',
      workload({ containers: [container('a', 'b:1', { livenessProbe: { periodSeconds: 3 } })] }),
    ],
    [
      'a CronJob without a schedule',
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'x' },
        spec: {
          jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [web] } } } },
        },
      },
    ],
    [
      'several ports of a Service without names',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'x' },
        spec: { ports: [{ port: 80 }, { port: 81 }] },
      },
    ],
  ],
  passes: [
    [
      'a volume without a source, which is an emptyDir',
      workload({ containers: [web], volumes: [{ name: 'v' }] }),
    ],
    ['a minimal Deployment', workload({ containers: [container('a', 'b:1')] })],
    ['a generated name', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'x-' } }],
    [
      'one port of a Service without a name',
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec: { ports: [{ port: 80 }] } },
    ],
  ],
});
