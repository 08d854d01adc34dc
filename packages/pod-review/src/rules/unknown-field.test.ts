import { expect } from 'vitest';
import { container, sidecar, workload } from '../../testing/manifests.ts';
import { ruleOf, testRule } from '../../testing/rule-table.ts';

testRule(ruleOf('unknown-field'), {
  fires: [
    [
      'a typing error, at its line, with a suggestion',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n    - name: a\n      image: b:1\n      restartPolicyy: Always\n',
      {
        line: 8,
        column: 7,
        message: 'spec.containers[0].restartPolicyy: no such field (did you mean restartPolicy?)',
        container: 'a',
      },
    ],
    ['a field in the wrong map', workload({ containers: [container('a', 'b:1')], replicas: 3 })],
    [
      'a field in the wrong case',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'x' },
        spec: { ports: [{ port: 80, targetport: 80 }] },
      },
      { message: expect.stringContaining('targetPort') },
    ],
    [
      'a field at the top level',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, dta: {} },
      { message: expect.stringContaining('did you mean data') },
    ],
    [
      'a field of a later version',
      workload({ containers: [container('a', 'b:1')], hostnameOverride: 'x' }),
      { message: expect.stringContaining('was added in Kubernetes 1.34') },
    ],
    [
      'a field of metadata',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', label: {} } },
      { message: expect.stringContaining('labels') },
    ],
  ],
  passes: [
    [
      'a native sidecar',
      workload({ containers: [container('a', 'b:1')], initContainers: [sidecar('s', 'c:1')] }),
    ],
    [
      'a status, as in the output of a cluster',
      { ...workload({ containers: [container('a', 'b:1')] }), status: { replicas: 1, conditions: [] } },
    ],
    [
      'free keys of a map',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'x', labels: { anything: 'a' } },
        data: { 'any.key': 'b' },
      },
    ],
    [
      'a custom resource',
      {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PodMonitor',
        metadata: { name: 'x' },
        spec: { whatever: 1 },
      },
    ],
    ['a null', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', creationTimestamp: null } }],
  ],
});
