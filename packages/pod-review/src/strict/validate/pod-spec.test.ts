import { describe } from 'vitest';
import { container, httpGet, sidecar, web } from '../../../testing/manifests.ts';
import { claim, pod } from '../../../testing/objects.ts';
import { accepts, refuses } from '../../../testing/verdicts.ts';

describe('what the API server refuses', () => {
  refuses([
    [
      'a name with capitals',
      pod({ containers: [web] }, { name: 'Web' }),
      '"Web" is not of lower-case letters',
    ],
    ['a label’s value with a blank', pod({ containers: [web] }, { labels: { a: 'b c' } }), '"b c"'],
    [
      'a label’s key with two slashes',
      pod({ containers: [web] }, { labels: { 'a/b/c': '' } }),
      '"a/b/c" has more than one slash',
    ],
    ['an annotation’s key with a blank', pod({ containers: [web] }, { annotations: { 'a b': '' } }), '"a b"'],
    [
      'a configMap volume without a name',
      pod({ containers: [web], volumes: [{ name: 'v', configMap: {} }] }),
      'name is required',
    ],
    [
      'a mode beyond 0777',
      pod({ containers: [web], volumes: [{ name: 'v', configMap: { name: 'c', defaultMode: 1000 } }] }),
      '1000 is not between 0 and 511',
    ],
    [
      'a token of less than ten minutes',
      pod({
        containers: [web],
        volumes: [
          {
            name: 'v',
            projected: { sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 60 } }] },
          },
        ],
      }),
      '60 is not between 600',
    ],
    [
      'a file of the downward API that is absolute',
      pod({
        containers: [web],
        volumes: [
          { name: 'v', downwardAPI: { items: [{ path: '/x', fieldRef: { fieldPath: 'metadata.name' } }] } },
        ],
      }),
      'relative path',
    ],
    [
      'a seccomp profile without a type',
      pod({ containers: [web], securityContext: { seccompProfile: {} } }),
      'type is required',
    ],
    [
      'a local profile without its name',
      pod({ containers: [web], securityContext: { seccompProfile: { type: 'Localhost' } } }),
      'localhostProfile',
    ],
    [
      'hostUsers and hostNetwork',
      pod({ hostUsers: false, hostNetwork: true, containers: [web] }),
      'hostUsers is false',
    ],
    [
      'options of Windows in a pod for Linux',
      pod({ os: { name: 'linux' }, securityContext: { windowsOptions: {} }, containers: [web] }),
      'not allowed in a pod for Linux',
    ],
    [
      'a process namespace, even one not shared, in a pod for Windows',
      pod({ os: { name: 'windows' }, shareProcessNamespace: false, containers: [web] }),
      'shareProcessNamespace: not allowed in a pod for Windows',
    ],
    [
      'an unknown way to label files',
      pod({ securityContext: { seLinuxChangePolicy: 'x' }, containers: [web] }),
      '"x" is not one of',
    ],
    [
      'an empty resource claim',
      pod({ resourceClaims: [{ name: 'a' }], containers: [web] }),
      'expected resourceClaimName or resourceClaimTemplateName',
      '1.34',
    ],
    [
      'a scheduling gate with a blank',
      pod({ schedulingGates: [{ name: 'a b' }], containers: [web] }),
      '"a b" is not',
    ],
    [
      'a DNS option without a name',
      pod({ dnsConfig: { options: [{ value: '1' }] }, containers: [web] }),
      'name is required',
    ],
    [
      'a node field other than its name',
      pod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'a', operator: 'In', values: ['x'] }] }],
            },
          },
        },
        containers: [web],
      }),
      '"a" is not one of metadata.name',
    ],
    [
      'a relative path of NFS',
      pod({ volumes: [{ name: 'a', nfs: { server: 'a', path: 'b' } }], containers: [web] }),
      'must be an absolute path',
    ],
    [
      'a CSI driver with an underscore',
      pod({ volumes: [{ name: 'a', csi: { driver: 'a_b' } }], containers: [web] }),
      '"a_b" is not',
    ],
    [
      'an owner without a uid',
      pod({ containers: [web] }, { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'a' }] }),
      'uid is required',
    ],
    [
      'a shared process namespace with hostPID',
      pod({ hostPID: true, shareProcessNamespace: true, containers: [web] }),
      'hostPID',
    ],
    [
      'dnsPolicy None without a nameserver',
      pod({ dnsPolicy: 'None', containers: [web] }),
      'dnsConfig is required',
    ],
    [
      'a toleration without a key',
      pod({ containers: [web], tolerations: [{ effect: 'NoSchedule' }] }),
      'must be Exists',
    ],
    [
      'seconds of a toleration of NoSchedule',
      pod({ containers: [web], tolerations: [{ key: 'a', effect: 'NoSchedule', tolerationSeconds: 3 }] }),
      'NoExecute',
    ],
    [
      'a weight of 0',
      pod({
        containers: [web],
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 0, podAffinityTerm: { topologyKey: 'a' } },
            ],
          },
        },
      }),
      '0 is not between 1 and 100',
    ],
    [
      'In without values',
      pod({
        containers: [web],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In' }] }],
            },
          },
        },
      }),
      'values are required',
    ],
    [
      'a skew of 0',
      pod({
        containers: [web],
        topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule' }],
      }),
      '0 must be more than 0',
    ],
    [
      'the same spread twice',
      pod({
        containers: [web],
        topologySpreadConstraints: Array(2).fill({
          maxSkew: 1,
          topologyKey: 'a',
          whenUnsatisfiable: 'DoNotSchedule',
        }),
      }),
      'duplicate-name',
    ],
    [
      'a removed field',
      pod({ containers: [web], workloadRef: { name: 'x' } }),
      'was removed after Kubernetes 1.35',
      '1.36',
    ],
  ]);
});

describe('what the API server accepts', () => {
  accepts([
    ['a name with dots', pod({ containers: [web] }, { name: 'web.example.com' })],
    [
      'an empty resource claim, which Kubernetes 1.33 drops',
      pod({ resourceClaims: [{ name: 'a' }], containers: [web] }),
    ],
    [
      'a host process of Windows',
      pod({
        os: { name: 'windows' },
        hostNetwork: true,
        hostPID: false,
        securityContext: {
          runAsNonRoot: true,
          windowsOptions: { hostProcess: true, runAsUserName: 'NT AUTHORITY\\Local service' },
        },
        containers: [web],
      }),
    ],
    ['an empty value of a label', pod({ containers: [web] }, { labels: { 'example.com/a': '' } })],
    [
      'capitals in an annotation’s key',
      pod({ containers: [web] }, { annotations: { 'Example.com/A': 'anything at all' } }),
    ],
    [
      'a native sidecar with all its probes',
      pod({
        containers: [web],
        initContainers: [
          sidecar('s', 'b:1', {
            startupProbe: httpGet(1),
            livenessProbe: httpGet(1),
            readinessProbe: httpGet('http'),
          }),
        ],
      }),
    ],
    [
      'one port for two containers',
      pod({ containers: [web, container('b', 'c:1', { ports: [{ containerPort: 8080 }] })] }),
    ],
    [
      'a negative grace period, which counts as 1',
      pod({ containers: [web], terminationGracePeriodSeconds: -1 }),
    ],
    ['a volume without a source', pod({ containers: [web], volumes: [{ name: 'v' }] })],
    [
      'a projected volume',
      pod({
        containers: [web],
        volumes: [
          {
            name: 'v',
            projected: {
              sources: [
                { serviceAccountToken: { path: 'token' } },
                { configMap: { name: 'c' } },
                { downwardAPI: { items: [{ path: 'ns', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
              ],
            },
          },
        ],
      }),
    ],
    [
      'an ephemeral claim',
      pod({
        containers: [web],
        volumes: [{ name: 'v', ephemeral: { volumeClaimTemplate: { spec: claim } } }],
      }),
    ],
    ['a toleration of everything', pod({ containers: [web], tolerations: [{ operator: 'Exists' }] })],
    [
      'a spread with keys of labels',
      pod({
        containers: [web],
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'zone',
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: { a: 'b' } },
            matchLabelKeys: ['pod-template-hash'],
          },
        ],
      }),
    ],
    ['a deadline in a Pod', pod({ containers: [web], activeDeadlineSeconds: 10 })],
    [
      'a volume from an image, from 1.35',
      pod({ containers: [web], volumes: [{ name: 'v', image: { reference: 'x:1' } }] }),
      '1.35',
    ],
  ]);
});
