import { expect } from 'vitest';
import { container, httpGet, sidecar, web, workload } from '../../testing/manifests.ts';
import { ruleOf, testRule } from '../../testing/rule-table.ts';

const init = (more: Record<string, unknown>) =>
  workload({ containers: [web], initContainers: [container('i', 'b:1', more)] });

testRule(ruleOf('forbidden-field'), {
  fires: [
    [
      'a readiness probe on a plain init container',
      init({ readinessProbe: httpGet(80) }),
      { container: 'i', message: expect.stringContaining('readinessProbe') },
    ],
    ['a hook on a plain init container', init({ lifecycle: { preStop: { sleep: { seconds: 1 } } } })],
    [
      'a restart policy on an app container',
      workload({ containers: [container('a', 'b:1', { restartPolicy: 'Always' })] }),
    ],
    [
      'two handlers in one probe',
      workload({
        containers: [container('a', 'b:1', { livenessProbe: { ...httpGet(80), tcpSocket: { port: 80 } } })],
      }),
    ],
    [
      'two sources of one volume',
      workload({ containers: [web], volumes: [{ name: 'v', emptyDir: {}, configMap: { name: 'c' } }] }),
    ],
    [
      'rollingUpdate beside Recreate',
      {
        ...workload({ containers: [web] }),
        spec: {
          selector: { matchLabels: { a: 'b' } },
          strategy: { type: 'Recreate', rollingUpdate: {} },
          template: { metadata: { labels: { a: 'b' } }, spec: { containers: [web] } },
        },
      },
    ],
    [
      'a node port of a ClusterIP Service',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'x' },
        spec: { ports: [{ port: 80, nodePort: 30080 }] },
      },
    ],
  ],
  passes: [
    [
      'probes and hooks on a native sidecar',
      workload({
        containers: [web],
        initContainers: [
          sidecar('s', 'b:1', {
            startupProbe: httpGet(1),
            readinessProbe: httpGet(1),
            livenessProbe: httpGet(1),
            lifecycle: { preStop: { sleep: { seconds: 1 } } },
          }),
        ],
      }),
    ],
    ['a plain init container', init({ command: ['true'] })],
  ],
});
