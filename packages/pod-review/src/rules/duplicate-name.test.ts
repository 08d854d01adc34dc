import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { ruleOf, testRule } from '../../testing/rule-table.ts';

testRule(ruleOf('duplicate-name'), {
  fires: [
    ['two containers with one name', workload({ containers: [web, web] }), { container: 'web' }],
    [
      'an init container with the name of an app container',
      workload({ containers: [web], initContainers: [container('web', 'b:1')] }),
    ],
    [
      'two volumes with one name',
      workload({
        containers: [web],
        volumes: [
          { name: 'v', emptyDir: {} },
          { name: 'v', emptyDir: {} },
        ],
      }),
    ],
    [
      'two ports with one name in a container',
      workload({
        containers: [
          container('a', 'b:1', {
            ports: [
              { name: 'p', containerPort: 1 },
              { name: 'p', containerPort: 2 },
            ],
          }),
        ],
      }),
    ],
    [
      'two ports with one number in a Service',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'x' },
        spec: {
          ports: [
            { name: 'a', port: 80 },
            { name: 'b', port: 80 },
          ],
        },
      },
    ],
    [
      'one host port for two containers',
      workload({
        containers: [
          container('a', 'b:1', { ports: [{ containerPort: 1, hostPort: 80 }] }),
          container('c', 'b:1', { ports: [{ containerPort: 2, hostPort: 80 }] }),
        ],
      }),
    ],
  ],
  passes: [
    [
      'one name for ports of two containers',
      workload({ containers: [web, container('b', 'b:1', { ports: [{ name: 'http', containerPort: 1 }] })] }),
    ],
    [
      'one number over TCP and UDP in a Service',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'x' },
        spec: {
          ports: [
            { name: 'a', port: 53 },
            { name: 'b', port: 53, protocol: 'UDP' },
          ],
        },
      },
    ],
    [
      'a variable that appears twice: the last one counts',
      workload({
        containers: [
          container('a', 'b:1', {
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '2' },
            ],
          }),
          sidecar('s', 'c:1'),
        ].slice(0, 1),
      }),
    ],
  ],
});
