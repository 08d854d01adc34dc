import { describe } from 'vitest';
import type { Data } from '../../../testing/manifests.ts';
import { claim, ingress, role, service, withSpec } from '../../../testing/objects.ts';
import { accepts, refuses } from '../../../testing/verdicts.ts';

describe('what the API server refuses', () => {
  refuses([
    [
      'a node port outside the range',
      service({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }),
      '80 is not between 30000 and 32767',
    ],
    [
      'a health check node port without externalTrafficPolicy Local',
      service({ type: 'LoadBalancer', ports: [{ port: 80 }], healthCheckNodePort: 31_000 }),
      'externalTrafficPolicy Local',
    ],
    ...['127.0.0.1', '0.0.0.0', '169.254.1.1', 'fe80::1'].map<[string, Data, string]>((address) => [
      `${address} as an address from outside`,
      service({ ports: [{ port: 80 }], externalIPs: [address] }),
      'an unspecified, loopback or link-local address',
    ]),
    ...['11.0.0.0/16', '10.0.0.0/8', '10.0.0.0/7', 'fd00::/16'].map<[string, Data, string]>((except) => [
      `a network without ${except}, which is outside it`,
      withSpec('networking.k8s.io/v1', 'NetworkPolicy', {
        podSelector: {},
        ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: [except] } }] }],
      }),
      `${except} is not inside 10.0.0.0/8`,
    ]),
    [
      'a priority above those of users',
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'x' }, value: 2e9 },
      'reserved for the system',
    ],
    [
      'the name of a priority of the system',
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'system-x' }, value: 1 },
      'reserved for the system',
    ],
    ['a Service without ports', service({ selector: { a: 'b' } }), 'ports is required'],
    ['a Service’s port as 0', service({ ports: [{ port: 0 }] }), '0 is not a port'],
    [
      'a Service’s name that begins with a digit',
      { ...service({ ports: [{ port: 80 }] }), metadata: { name: '1web' } },
      'letter first',
    ],
    [
      'a headless NodePort',
      service({ type: 'NodePort', clusterIP: 'None', ports: [{ port: 80 }] }),
      'None is not allowed for',
    ],
    ['an ExternalName without a name', service({ type: 'ExternalName' }), 'externalName is required'],
    [
      'a traffic distribution of 1.34',
      service({ ports: [{ port: 80 }], trafficDistribution: 'PreferSameNode' }),
      'not one of PreferClose',
    ],
    [
      'an external policy of a ClusterIP',
      service({ ports: [{ port: 80 }], externalTrafficPolicy: 'Local' }),
      'from outside',
    ],
    [
      'a key of a ConfigMap with a slash',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { 'a/b': '' } },
      '"a/b"',
    ],
    [
      'a Secret that is not base64',
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' }, data: { a: 'plain text' } },
      'base64',
    ],
    [
      'a TLS Secret without its key',
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'x' },
        type: 'kubernetes.io/tls',
        stringData: { 'tls.crt': 'x' },
      },
      'tls.key is required',
    ],
    [
      'both bounds of a budget',
      withSpec('policy/v1', 'PodDisruptionBudget', { minAvailable: 1, maxUnavailable: 1 }),
      'mutually exclusive',
    ],
    [
      'a peer of a policy without a selector',
      withSpec('networking.k8s.io/v1', 'NetworkPolicy', { podSelector: {}, ingress: [{ from: [{}] }] }),
      'expected podSelector',
    ],
    [
      'an invalid network',
      withSpec('networking.k8s.io/v1', 'NetworkPolicy', {
        podSelector: {},
        ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0' } }] }],
      }),
      'not a network',
    ],
    ['an Ingress’s path without its type', ingress({ pathType: undefined }), 'pathType is required'],
    ['an Ingress’s path that is relative', ingress({ path: 'x' }), 'absolute path'],
    [
      'an Ingress with neither rules nor a default',
      withSpec('networking.k8s.io/v1', 'Ingress', {}),
      'expected rules',
    ],
    ['a Role without verbs', role('Role', [{ apiGroups: [''], resources: ['pods'] }]), 'verbs is required'],
    [
      'a URL in a Role',
      role('Role', [{ verbs: ['get'], nonResourceURLs: ['/x'] }]),
      'allowed only in a ClusterRole',
    ],
    [
      'a binding to a Role across the cluster',
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'x' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
      },
      '"Role" is not one of ClusterRole',
    ],
    [
      'a claim without an access mode',
      withSpec('v1', 'PersistentVolumeClaim', { resources: { requests: { storage: '1Gi' } } }),
      'access mode',
    ],
    ['a namespace with a dot', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a.b' } }, '"a.b"'],
    [
      'a kind of a later version',
      { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaim', metadata: { name: 'x' }, spec: {} },
      'was added in Kubernetes 1.34',
    ],
  ]);
});

describe('what the API server accepts', () => {
  accepts([
    [
      'a Service with all fields of a load balancer',
      service({
        type: 'LoadBalancer',
        externalTrafficPolicy: 'Local',
        healthCheckNodePort: 31_000,
        externalIPs: ['203.0.113.1', '2001:db8::1'],
        ports: [{ port: 80, nodePort: 30_000 }],
      }),
    ],
    [
      'a network without parts of it',
      withSpec('networking.k8s.io/v1', 'NetworkPolicy', {
        podSelector: {},
        ingress: [
          {
            from: [
              { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.0.0.0/9'] } },
              { ipBlock: { cidr: 'fd00::/8', except: ['fd00:1::/32'] } },
            ],
          },
        ],
      }),
    ],
    ['a headless Service without ports', service({ clusterIP: 'None', selector: { a: 'b' } })],
    ['an ExternalName', service({ type: 'ExternalName', externalName: 'db.example.com.' })],
    [
      'a node port',
      service({ type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30080 }] }),
    ],
    [
      'a target by name',
      service({ ports: [{ port: 80, targetPort: 'http', appProtocol: 'kubernetes.io/h2c' }] }),
    ],
    [
      'PreferSameNode from 1.34',
      service({ ports: [{ port: 80 }], trafficDistribution: 'PreferSameNode' }),
      '1.34',
    ],
    [
      'a name that begins with a digit, from 1.36',
      { ...service({ ports: [{ port: 80 }] }), metadata: { name: '1web' } },
      '1.36',
    ],
    [
      'a Secret in base64 over several lines',
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' }, data: { a: 'aGVs\nbG8=\n' } },
    ],
    [
      'an immutable ConfigMap with bytes',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'x' },
        immutable: true,
        binaryData: { a: 'AAEC' },
      },
    ],
    [
      'a budget in percent',
      withSpec('policy/v1', 'PodDisruptionBudget', {
        minAvailable: '50%',
        selector: {},
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      }),
    ],
    [
      'a policy that denies all',
      withSpec('networking.k8s.io/v1', 'NetworkPolicy', {
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
      }),
    ],
    [
      'a policy with a range of ports',
      withSpec('networking.k8s.io/v1', 'NetworkPolicy', {
        podSelector: {},
        egress: [
          {
            to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
            ports: [{ port: 32_000, endPort: 32_768 }],
          },
        ],
      }),
    ],
    ['an Ingress', ingress({})],
    [
      'an Ingress with a wildcard',
      withSpec('networking.k8s.io/v1', 'Ingress', {
        defaultBackend: { service: { name: 'x', port: { name: 'http' } } },
        tls: [{ hosts: ['*.example.com'], secretName: 't' }],
      }),
    ],
    [
      'a role with a colon in its name',
      role('ClusterRole', [
        { verbs: ['get'], nonResourceURLs: ['/metrics'] },
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      ]),
    ],
    [
      'a claim of a class',
      withSpec('v1', 'PersistentVolumeClaim', { ...claim, storageClassName: 'fast', volumeMode: 'Block' }),
    ],
    [
      'a class of storage',
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'x' },
        provisioner: 'example.com/disk',
        reclaimPolicy: 'Retain',
        volumeBindingMode: 'WaitForFirstConsumer',
      },
    ],
    [
      'a definition of custom resources',
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'things.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { plural: 'things', kind: 'Thing' },
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: {
                openAPIV3Schema: {
                  type: 'object',
                  'x-kubernetes-preserve-unknown-fields': true,
                  properties: { spec: { anyOf: [{ type: 'string' }], default: 1 } },
                },
              },
            },
          ],
        },
      },
    ],
    [
      'a custom resource',
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'x' },
        spec: { anything: [1] },
      },
    ],
    [
      'an alpha of Kubernetes’ own groups',
      { apiVersion: 'resource.k8s.io/v1alpha3', kind: 'DeviceTaintRule', metadata: { name: 'x' } },
    ],
  ]);
});
