import { describe, expect, it } from 'vitest';
import { container, type Data } from '../../../testing/manifests.ts';
import { cron, hpa, job, one, pod, withSpec } from '../../../testing/objects.ts';
import { accepts, refusals } from '../../../testing/verdicts.ts';
import type { KubernetesVersion } from '../api/versions.ts';

const of = (apiVersion: string, kind: string, rest: Data): Data => ({
  apiVersion,
  kind,
  metadata: { name: 'x' },
  ...rest,
});
const init = (more: Data, spec: Data = {}) => pod({ initContainers: [container('i', 'b:1', more)], ...spec });
const volume = (source: Data) => pod({ volumes: [{ name: 'v', ...source }] });
const service = (spec: Data) => withSpec('v1', 'Service', { ports: [{ port: 80 }], ...spec });
const indexed = (spec: Data) => job({ completionMode: 'Indexed', completions: 9, ...spec });
const pods = (metric: Data) =>
  hpa({ metrics: [{ type: 'Pods', pods: { metric, target: { type: 'AverageValue', averageValue: 1 } } }] });
const policy = (cidr: string) =>
  of('networking.k8s.io/v1', 'NetworkPolicy', {
    spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr } }] }] },
  });
const ingress = (spec: Data, annotations: Data = {}) => ({
  ...of('networking.k8s.io/v1', 'Ingress', {
    spec: { defaultBackend: { service: { name: 'x', port: { number: 80 } } }, ...spec },
  }),
  metadata: { name: 'x', annotations },
});
const nodeTerm = (expression: Data) =>
  pod({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [expression] }],
        },
      },
    },
  });
const podTerm = (term: Data) =>
  pod({
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', ...term }],
      },
    },
  });
const all = { action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [1] } };
const restart = (rules: Data[], more: Data = { restartPolicy: 'Never' }) =>
  one({ ...more, restartPolicyRules: rules });
const user = (runAsUserName: string) => one({ securityContext: { windowsOptions: { runAsUserName } } });
const image = { image: { reference: 'example.com/x:1' } };
const block = { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] };

/** Verdicts of API servers of 1.33 to 1.36 on objects that were once judged otherwise here. */
describe('refused by pod-review and the API server', () => {
  it.each<[string, Data, KubernetesVersion?]>([
    ['the number 2³¹ in a field of 32 bits', job({ backoffLimit: 2 ** 31 })],
    [
      'a limit of null, which is 0, below a request',
      one({ resources: { requests: { cpu: 1 }, limits: { cpu: null } } }),
    ],
    ['half a huge page', one({ resources: { limits: { cpu: 1, 'hugepages-2Mi': '3Mi' } } })],
    ['huge pages of no size', one({ resources: { limits: { cpu: 1, 'hugepages-x': '3Mi' } } })],
    ['a resource of requests.', one({ resources: { limits: { 'requests.example.com/a': 1 } } })],
    ['storage for the whole pod', pod({ resources: { limits: { 'ephemeral-storage': '1Gi' } } }), '1.36'],
    ['resources for a whole pod of Windows', pod({ os: { name: 'windows' }, resources: {} }), '1.36'],
    [
      'a limit of the pod below its requests',
      one({ resources: { requests: { cpu: 2 } } }, { resources: { limits: { cpu: 1 } } }),
      '1.36',
    ],
    [
      'a claim used twice',
      one(
        { resources: { claims: [{ name: 'g' }, { name: 'g', request: 'r' }] } },
        { resourceClaims: [{ name: 'g', resourceClaimName: 'c' }] },
      ),
      '1.36',
    ],
    ['a claim named in capitals', pod({ resourceClaims: [{ name: 'G', resourceClaimName: 'c' }] }), '1.36'],
    ['a container that is never restarted, in 1.33', one({ restartPolicy: 'Never' })],
    ['all containers started again by a rule, in 1.35', restart([all]), '1.35'],
    [
      'restart rules of a sidecar, in 1.35',
      init({ restartPolicy: 'Always', restartPolicyRules: [{ ...all, action: 'Restart' }] }),
      '1.35',
    ],
    [
      'restart rules without a policy',
      restart([{ action: 'Restart', exitCodes: { operator: 'In', values: [1] } }], {}),
      '1.36',
    ],
    ['a restart rule without codes', restart([{ action: 'Restart' }]), '1.36'],
    [
      'a restart rule with an unknown action',
      restart([{ action: 'Stop', exitCodes: { operator: 'In', values: [1] } }]),
      '1.36',
    ],
    [
      'an init container that restarts on resize',
      init({ resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] }),
      '1.36',
    ],
    [
      'a variable from a file without its key',
      one(
        { env: [{ name: 'A', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'p' } } }] },
        { volumes: [{ name: 'v', emptyDir: {} }] },
      ),
      '1.36',
    ],
    [
      'one port twice on the node’s network',
      pod({
        hostNetwork: true,
        containers: ['a', 'b'].map((name) => container(name, 'b:1', { ports: [{ containerPort: 80 }] })),
      }),
    ],
    [
      'a sleep longer than a negative grace period, which counts as 1',
      one({ lifecycle: { preStop: { sleep: { seconds: 5 } } } }, { terminationGracePeriodSeconds: -1 }),
    ],
    [
      'a recursive read-only mount that is propagated',
      one(
        {
          volumeMounts: [
            {
              name: 'v',
              mountPath: '/v',
              readOnly: true,
              recursiveReadOnly: 'Enabled',
              mountPropagation: 'HostToContainer',
            },
          ],
        },
        { volumes: [{ name: 'v', emptyDir: {} }] },
      ),
    ],
    [
      'a device twice',
      one(
        {
          volumeDevices: [
            { name: 'v', devicePath: '/a' },
            { name: 'v', devicePath: '/b' },
          ],
        },
        block,
      ),
    ],
    [
      'a device in a user namespace',
      one({ volumeDevices: [{ name: 'v', devicePath: '/a' }] }, { ...block, hostUsers: false }),
      '1.36',
    ],
    [
      'an AppArmor profile of blanks',
      one({ securityContext: { appArmorProfile: { type: 'Localhost', localhostProfile: ' a' } } }),
    ],
    ['no way to mount /proc', one({ securityContext: { procMount: '' } })],
    ['a Windows user with a colon', user('a:b')],
    ['a Windows user of dots', user('..')],
    ['a Windows user in two domains', user('a\\b\\c')],
    [
      'a sysctl of the node’s network',
      pod({ hostNetwork: true, securityContext: { sysctls: [{ name: 'net.ipv4.x', value: '1' }] } }),
    ],
    ['a host name in capitals', pod({ hostnameOverride: 'A' }), '1.36'],
    ['a host name on the node’s network', pod({ hostnameOverride: 'a', hostNetwork: true }), '1.36'],
    ['a priority without its class', pod({ priority: 5 })],
    ['an overhead without its class', pod({ overhead: { cpu: '1m' } })],
    ['a node name with scheduling gates', pod({ nodeName: 'n', schedulingGates: [{ name: 'a' }] })],
    [
      'search domains of more than 2048 letters',
      pod({ dnsConfig: { searches: Array.from({ length: 32 }, (_, at) => `a${at}.${'b'.repeat(63)}`) } }),
    ],
    ['a node’s label with a blank', nodeTerm({ key: 'a', operator: 'In', values: ['b c'] })],
    ['a namespace in capitals in an anti-affinity term', podTerm({ namespaces: ['A'] })],
    ['label keys without a selector', podTerm({ matchLabelKeys: ['a'] })],
    [
      'a key to match and not to match',
      podTerm({ labelSelector: {}, matchLabelKeys: ['a'], mismatchLabelKeys: ['a'] }),
    ],
    ['a CSI driver of 64 letters', volume({ csi: { driver: 'a'.repeat(64) } })],
    [
      'an ephemeral claim with a name',
      volume({
        ephemeral: {
          volumeClaimTemplate: {
            metadata: { name: 'a' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        },
      }),
    ],
    ['a volume of no image', volume({ image: {} }), '1.36'],
    ['more failed indexes than completions', indexed({ backoffLimitPerIndex: 1, maxFailedIndexes: 10 })],
    [
      'very many indexes without a bound on failures',
      indexed({ completions: 100_001, backoffLimitPerIndex: 1 }),
    ],
    [
      'more successes than named indexes',
      indexed({ successPolicy: { rules: [{ succeededIndexes: '0-2', succeededCount: 4 }] } }),
    ],
    ['a Job’s name of 64 letters', { ...job({}), metadata: { name: 'a'.repeat(64) } }],
    ['a time zone in lower case', cron('* * * * *', { timeZone: 'europe/berlin' })],
    ['a time zone as an offset', cron('* * * * *', { timeZone: '+01:00' })],
    ['a target without its API', hpa({ scaleTargetRef: { kind: 'Deployment', name: 'x' } }), '1.36'],
    ['a metric without a name', pods({})],
    ['a metric with a slash', pods({ name: 'a/b' })],
    [
      'a metric source in lower case',
      hpa({
        metrics: [
          {
            type: 'resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 5 } },
          },
        ],
      }),
    ],
    ['a negative tolerance', hpa({ behavior: { scaleDown: { tolerance: '-1' } } }), '1.36'],
    ['a network with bits set after its prefix', policy('10.0.0.1/8'), '1.36'],
    ['an IPv6 network with bits set after its prefix', policy('fd00::1/8'), '1.36'],
    ['two classes of an Ingress', ingress({ ingressClassName: 'a' }, { 'kubernetes.io/ingress.class': 'b' })],
    ['an Ingress of no class', ingress({ ingressClassName: '' })],
    ['an IngressClass without a controller', of('networking.k8s.io/v1', 'IngressClass', {})],
    ['two families on a single stack', service({ ipFamilies: ['IPv4', 'IPv6'] })],
    ['clusterIPs without clusterIP', service({ clusterIPs: ['None'] })],
    ['a load balancer’s class with a blank', service({ type: 'LoadBalancer', loadBalancerClass: 'a b' })],
    [
      'URLs and resource names together',
      of('rbac.authorization.k8s.io/v1', 'ClusterRole', {
        rules: [{ nonResourceURLs: ['/a'], resourceNames: ['x'], verbs: ['get'] }],
      }),
    ],
    [
      'a binding to a Role with a slash',
      of('rbac.authorization.k8s.io/v1', 'RoleBinding', {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a/b' },
      }),
    ],
    [
      'an empty SSH key',
      of('v1', 'Secret', { type: 'kubernetes.io/ssh-auth', stringData: { 'ssh-privatekey': '' } }),
    ],
    [
      'two mutually exclusive finalizers',
      { ...pod({}), metadata: { name: 'x', finalizers: ['orphan', 'foregroundDeletion'] } },
    ],
  ])('%s', (_, object, version = '1.33') => {
    expect(refusals(object, version)).not.toEqual([]);
  });
});

describe('accepted by pod-review and the API server', () => {
  accepts([
    ['a quantity after a space', one({ resources: { limits: { memory: ' 1Gi' } } })],
    ['an image volume, which 1.33 drops', volume(image)],
    [
      'a part of an image volume',
      one(
        { volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 'a' }] },
        { volumes: [{ name: 'v', ...image }] },
      ),
      '1.36',
    ],
    ['a claim of a container, which 1.33 drops', one({ resources: { claims: [{ name: 'g' }] } })],
    ['a target without its API, in 1.33', hpa({ scaleTargetRef: { kind: 'Deployment', name: 'x' } })],
    [
      'any key of a ConfigMap’s volume',
      volume({ configMap: { name: 'c', items: [{ key: 'a b', path: 'c' }] } }),
    ],
    [
      'an AppArmor profile by a path',
      one({ securityContext: { appArmorProfile: { type: 'Localhost', localhostProfile: '/a/../b' } } }),
    ],
    [
      'spec.host, the old name of spec.nodeName',
      one({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.host' } } }] }),
    ],
    [
      'any values in a preferred node affinity',
      pod({
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 1,
                preference: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b c'] }] },
              },
            ],
          },
        },
      }),
    ],
    ['a container that is never restarted, in 1.34', one({ restartPolicy: 'Never' }), '1.34'],
    ['an init container that is never restarted, in 1.34', init({ restartPolicy: 'Never' }), '1.34'],
    ['all containers started again by a rule, in 1.36', restart([all]), '1.36'],
    ['a Windows user of a domain', user('example.com\\me')],
    ['an indexed Job of one', job({ completionMode: 'Indexed' })],
    ['an empty list of indexes', indexed({ successPolicy: { rules: [{ succeededIndexes: '' }] } })],
    ['manualSelector with an empty selector', job({ manualSelector: true, selector: {} })],
    ['a schedule with an empty part', cron('1, * * * *')],
    ['a schedule with a plus', cron('+5 * * * *')],
    ['a schedule of * to 5', cron('*-5 * * * *')],
    ['a link as a time zone', cron('* * * * *', { timeZone: 'Asia/Kolkata' })],
    [
      'an affinity timeout without affinity',
      service({ sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } }),
    ],
    ['an address as a host of TLS', ingress({ tls: [{ hosts: ['1.2.3.4'] }] })],
    ['a network with bits set after its prefix, in 1.33', policy('10.0.0.1/8')],
    ['an IPv6 network', policy('fd00:1::/32'), '1.36'],
    ['a NetworkPolicy without a spec', of('networking.k8s.io/v1', 'NetworkPolicy', {})],
    ['a budget without a spec', of('policy/v1', 'PodDisruptionBudget', {})],
    [
      'a budget named in capitals',
      { ...of('policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: 1 } }), metadata: { name: 'X' } },
    ],
  ]);
});
