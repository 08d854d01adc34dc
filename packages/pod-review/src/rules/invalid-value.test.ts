import { expect } from 'vitest';
import { container, httpGet, workload } from '../../testing/manifests.ts';
import { ruleOf, testRule } from '../../testing/rule-table.ts';

const one = (more: Record<string, unknown>) => workload({ containers: [container('a', 'b:1', more)] });

testRule(ruleOf('invalid-value'), {
  fires: [
    [
      'an unknown word',
      one({ imagePullPolicy: 'Sometimes' }),
      { message: expect.stringContaining('Always, IfNotPresent, Never'), container: 'a' },
    ],
    [
      'a word in the wrong case, with a suggestion',
      one({ ports: [{ containerPort: 53, protocol: 'udp' }] }),
      { message: expect.stringContaining('did you mean UDP') },
    ],
    ['a port beyond 65535', one({ ports: [{ containerPort: 70_000 }] })],
    [
      'an unknown kind',
      { apiVersion: 'apps/v1', kind: 'Deploymnet', metadata: { name: 'x' } },
      { message: expect.stringContaining('did you mean Deployment') },
    ],
    ['a kind in the wrong group', { apiVersion: 'v1', kind: 'Deployment', metadata: { name: 'x' } }],
    [
      'an unknown version',
      { apiVersion: 'apps/v2', kind: 'Deployment', metadata: { name: 'x' } },
      { message: expect.stringContaining('apps/v1') },
    ],
    [
      'an init container with a restart policy of its own',
      workload({
        containers: [container('a', 'b:1')],
        initContainers: [container('i', 'b:1', { restartPolicy: 'Sometimes' })],
      }),
    ],
    [
      'a request above its limit',
      one({ resources: { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } } }),
    ],
    [
      'a hook that sleeps longer than the grace period',
      one({ lifecycle: { preStop: { sleep: { seconds: 60 } } } }),
      { message: expect.stringContaining('30 s') },
    ],
  ],
  passes: [
    ['allowed words', one({ imagePullPolicy: 'Always', terminationMessagePolicy: 'File' })],
    ['an empty word, which is the default', one({ imagePullPolicy: '' })],
    [
      'a port’s name and number in probes',
      one({ livenessProbe: httpGet(8080), readinessProbe: httpGet('http') }),
    ],
    [
      'a kind of an unknown group',
      { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'Any_Name' } },
    ],
  ],
});
