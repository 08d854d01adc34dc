import { describe } from 'vitest';
import { container, type Data, httpGet, web } from '../../../testing/manifests.ts';
import { one, pod } from '../../../testing/objects.ts';
import { accepts, refuses } from '../../../testing/verdicts.ts';

describe('what the API server refuses', () => {
  refuses([
    ['a container’s name with a dot', pod({ containers: [container('a.b', 'c:1')] }), '"a.b"'],
    [
      'a port’s name of 16 letters',
      one({ ports: [{ name: 'abcdefghijklmnop', containerPort: 1 }] }),
      'longer than 15',
    ],
    [
      'a port’s name without a letter',
      one({ ports: [{ name: '8080', containerPort: 1 }] }),
      'not a port name',
    ],
    [
      'a probe’s port as text of digits',
      one({ livenessProbe: { tcpSocket: { port: '8080' } } }),
      'not a port name',
    ],
    ['a probe without a port', one({ livenessProbe: { httpGet: { path: '/' } } }), 'not a port name'],
    [
      'a liveness probe that must succeed twice',
      one({ livenessProbe: { ...httpGet(1), successThreshold: 2 } }),
      'must be 1',
    ],
    [
      'a negative delay',
      one({ livenessProbe: { ...httpGet(1), initialDelaySeconds: -1 } }),
      'must not be negative',
    ],
    [
      'a grace period of a readiness probe',
      one({ readinessProbe: { ...httpGet(1), terminationGracePeriodSeconds: 5 } }),
      'not allowed in a readiness probe',
    ],
    ['an exec probe without a command', one({ livenessProbe: { exec: {} } }), 'command is required'],
    ['an empty hook', one({ lifecycle: { preStop: {} } }), 'expected a handler'],
    [
      'an unknown scheme',
      one({ livenessProbe: { httpGet: { port: 1, scheme: 'http' } } }),
      'did you mean HTTP',
    ],
    [
      'value and valueFrom together',
      one({ env: [{ name: 'A', value: 'b', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
      'value and valueFrom',
    ],
    [
      'two sources of one variable',
      one({
        env: [
          {
            name: 'A',
            valueFrom: { fieldRef: { fieldPath: 'metadata.name' }, secretKeyRef: { name: 's', key: 'k' } },
          },
        ],
      }),
      'expected only one of fieldRef',
    ],
    ['no source of a variable', one({ env: [{ name: 'A', valueFrom: {} }] }), 'expected one of fieldRef'],
    [
      'a field that cannot be a variable',
      one({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.phase' } } }] }),
      '"status.phase" is not one of',
    ],
    [
      'an unknown resource',
      one({ env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.gpu' } } }] }),
      '"limits.gpu"',
    ],
    ['a variable without a name', one({ env: [{ value: 'x' }] }), 'name is required'],
    ['a variable’s name with an equals sign', one({ env: [{ name: 'A=B' }] }), 'without ='],
    ['envFrom without a source', one({ envFrom: [{ prefix: 'A_' }] }), 'expected configMapRef or secretRef'],
    [
      'two mounts at one path',
      pod({
        containers: [
          container('a', 'b:1', {
            volumeMounts: [
              { name: 'v', mountPath: '/x' },
              { name: 'v', mountPath: '/x' },
            ],
          }),
        ],
        volumes: [{ name: 'v', emptyDir: {} }],
      }),
      'mounted twice',
    ],
    [
      'a sub-path upwards',
      pod({
        containers: [
          container('a', 'b:1', { volumeMounts: [{ name: 'v', mountPath: '/x', subPath: '../y' }] }),
        ],
        volumes: [{ name: 'v', emptyDir: {} }],
      }),
      'must not contain ..',
    ],
    [
      'Bidirectional without privileges',
      pod({
        containers: [
          container('a', 'b:1', {
            volumeMounts: [{ name: 'v', mountPath: '/x', mountPropagation: 'Bidirectional' }],
          }),
        ],
        volumes: [{ name: 'v', emptyDir: {} }],
      }),
      'privileged',
    ],
    ['a resource without a domain', one({ resources: { limits: { gpu: 1 } } }), '"gpu" is not one of'],
    ['a negative amount', one({ resources: { limits: { cpu: '-1' } } }), 'must not be negative'],
    ['half of a device', one({ resources: { limits: { 'nvidia.com/gpu': '500m' } } }), 'must be an integer'],
    [
      'a device’s request without its limit',
      one({ resources: { requests: { 'nvidia.com/gpu': 1 } } }),
      'needs a limit',
    ],
    ['a user of minus one', one({ securityContext: { runAsUser: -1 } }), '-1 is not between 0'],
    [
      'privileged without escalation',
      one({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
      'privileged is true',
    ],
    [
      'a different host port with hostNetwork',
      pod({
        hostNetwork: true,
        containers: [container('a', 'b:1', { ports: [{ containerPort: 80, hostPort: 81 }] })],
      }),
      'must be 80',
    ],
    [
      'a user’s number in a pod for Windows',
      pod({
        os: { name: 'windows' },
        containers: [container('a', 'b:1', { securityContext: { runAsUser: 1 } })],
      }),
      'runAsUser: not allowed in a pod for Windows',
    ],
    [
      'a host process of Windows outside the host’s network',
      one({ securityContext: { windowsOptions: { hostProcess: true } } }),
      'hostNetwork: must be true',
    ],
    [
      'a host process of Windows beside an ordinary container',
      pod({
        hostNetwork: true,
        containers: [
          container('a', 'b:1', { securityContext: { windowsOptions: { hostProcess: true } } }),
          web,
        ],
      }),
      'all containers must be Windows host processes',
    ],
    ...[
      ['limits.cpu', '3'],
      ['requests.memory', '1m'],
      ['limits.ephemeral-storage', '2Mi'],
    ].map<[string, Data, string]>(([resource, divisor]) => [
      `${resource} in units of ${divisor}`,
      one({ env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource, divisor } } }] }),
      `${divisor} is not one of 1`,
    ]),
    ['an image after a space, in a Pod', one({ image: ' b:1' }), 'white space'],
    ['a restart policy of an app container', one({ restartPolicy: 'Always' }), 'before Kubernetes 1.35'],
    [
      'pod requests below those of its containers',
      pod({
        resources: { requests: { cpu: '1m' } },
        containers: [container('a', 'b:1', { resources: { requests: { cpu: '10m' } } })],
      }),
      "less than the sum of its containers' requests",
      '1.34',
    ],
    ['an unknown restart policy, in 1.35', one({ restartPolicy: 'Sometimes' }), '"Sometimes"', '1.35'],
  ]);
});

describe('what the API server accepts', () => {
  accepts([
    [
      'amounts in units, an affinity to one node, an NFS volume and a gate',
      pod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['x'] }] }],
            },
          },
        },
        schedulingGates: [{ name: 'example.com/gate' }],
        securityContext: { seLinuxChangePolicy: 'Recursive' },
        volumes: [{ name: 'a', nfs: { server: 'a', path: '/b' } }],
        containers: [
          container('a', 'b:1', {
            env: [
              { name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
              { name: 'B', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
              { name: 'C', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '0' } } },
            ],
          }),
        ],
      }),
    ],
    ['a variable’s name with dots and blanks', one({ env: [{ name: 'a.b c', value: 'x' }] })],
    ['a variable without a value', one({ env: [{ name: 'A' }] })],
    [
      'labels and annotations as variables',
      one({
        env: [
          { name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app.kubernetes.io/name']" } } },
        ],
      }),
    ],
    ['requests without limits', one({ resources: { requests: { cpu: '100m', memory: '1Gi' } } })],
    ['limits without requests', one({ resources: { limits: { cpu: 0.5, 'ephemeral-storage': '1Gi' } } })],
    ['a device', one({ resources: { limits: { 'nvidia.com/gpu': 1 } } })],
    ['a hook that sleeps 0 s', one({ lifecycle: { preStop: { sleep: { seconds: 0 } } } })],
    [
      'a hook that sleeps the whole grace period',
      one({ lifecycle: { preStop: { sleep: { seconds: 30 } } } }),
    ],
    [
      'a restart policy of an app container, from 1.35',
      one({
        restartPolicy: 'OnFailure',
        restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
      }),
      '1.35',
    ],
    [
      'resources of the pod, which 1.33 drops',
      pod({
        containers: [container('a', 'b:1', { resources: { requests: { cpu: 1 } } })],
        resources: { requests: { cpu: '1m' } },
      }),
    ],
  ]);
});
