import { expect } from 'vitest';
import { container, workload } from '../../testing/manifests.ts';
import { ruleOf, testRule } from '../../testing/rule-table.ts';

const withEnv = (value: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n    - name: a\n      image: b:1\n      env:\n        - {name: A, value: ${value}}\n`;

testRule(ruleOf('wrong-type'), {
  fires: [
    [
      'a port as a string',
      workload({ containers: [container('a', 'b:1', { ports: [{ containerPort: '80' }] })] }),
      { message: expect.stringContaining('32-bit integer') },
    ],
    [
      'a number as the value of a variable',
      withEnv('8080'),
      { line: 9, message: expect.stringContaining('expected a string, got 8080') },
    ],
    [
      'yes as the value of a variable, which YAML reads as true',
      withEnv('yes'),
      { message: expect.stringContaining('got true') },
    ],
    [
      'a map for a list',
      workload({ containers: { name: 'a', image: 'b:1' } }),
      { message: expect.stringContaining('expected a list') },
    ],
    ['a list for a map', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: ['a'] }],
    ['a string for a map', workload({ containers: [container('a', 'b:1', { livenessProbe: '/live' })] })],
    ['a fraction of a replica', workload({ containers: [container('a', 'b:1')] }, { replicas: 1.5 })],
    [
      'a number out of the range of its field',
      workload({ containers: [container('a', 'b:1')] }, { replicas: 2 ** 40 }),
    ],
    ['a string for a boolean', workload({ containers: [container('a', 'b:1')], hostNetwork: 'true' })],
    [
      'an invalid quantity',
      workload({ containers: [container('a', 'b:1', { resources: { limits: { memory: '64MiB' } } })] }),
      { message: expect.stringContaining('quantity') },
    ],
    [
      'an invalid time',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', creationTimestamp: 'today' } },
    ],
  ],
  passes: [
    [
      'a probe’s port as name and as number',
      workload({
        containers: [
          container('a', 'b:1', {
            ports: [{ name: 'http', containerPort: 80 }],
            livenessProbe: { tcpSocket: { port: 'http' } },
            readinessProbe: { tcpSocket: { port: 80 } },
          }),
        ],
      }),
    ],
    [
      'quantities as numbers and strings',
      workload({
        containers: [
          container('a', 'b:1', {
            resources: { limits: { cpu: 1, memory: '1.5Gi' }, requests: { cpu: 0.1, memory: '1e6' } },
          }),
        ],
      }),
    ],
    [
      'an octal mode',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers: [{name: a, image: "b:1"}]\n  volumes: [{name: v, configMap: {name: c, defaultMode: 0644}}]\n',
    ],
    ['a quoted number', withEnv('"8080"')],
    ['a date, which kubectl reads as a string', withEnv('2026-01-31')],
    ['1:30, which kubectl reads as a string', withEnv('1:30')],
  ],
});
