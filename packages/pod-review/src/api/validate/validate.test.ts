import { describe, expect, it } from 'vitest';
import {
  container,
  type Data,
  documents,
  httpGet,
  sidecar,
  web,
  workload,
} from '../../../testing/manifests.ts';
import { review } from '../../review.ts';
import type { KubernetesVersion } from '../versions.ts';

/** The rules under which strict reading files what the API server would refuse. */
const strict =
  /^(unknown-field|wrong-type|invalid-value|missing-field|forbidden-field|duplicate-name|missing-volume|deprecated-api)$/;

/** Rule and message of each refusal. */
function refusals(object: Data, version: KubernetesVersion = '1.33'): string[] {
  const { findings } = review([{ name: 'x.yaml', text: documents([object]) }], { version });
  return findings
    .filter(({ rule, severity }) => severity === 'error' && strict.test(rule))
    .map(({ rule, message }) => `${rule}: ${message}`);
}

const pod = (spec: Data, metadata: Data = {}): Data => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'x', ...metadata },
  spec,
});
const one = (more: Data) => pod({ containers: [container('a', 'b:1', more)] });
const withSpec = (apiVersion: string, kind: string, spec: Data, name = 'x'): Data => ({
  apiVersion,
  kind,
  metadata: { name },
  spec,
});
const service = (spec: Data) => withSpec('v1', 'Service', spec);
const deployment = (spec: Data): Data => {
  const base = workload({ containers: [web] });
  return { ...base, spec: { ...(base['spec'] as Data), ...spec } };
};
const job = (spec: Data, template: Data = { restartPolicy: 'Never', containers: [web] }) =>
  withSpec('batch/v1', 'Job', { template: { spec: template }, ...spec });
const cron = (schedule: string, more: Data = {}) =>
  withSpec('batch/v1', 'CronJob', {
    schedule,
    jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [web] } } } },
    ...more,
  });
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const statefulSet = (spec: Data) =>
  withSpec('apps/v1', 'StatefulSet', {
    serviceName: 'x',
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [web] } },
    ...spec,
  });
const hpa = (spec: Data) =>
  withSpec('autoscaling/v2', 'HorizontalPodAutoscaler', {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' },
    maxReplicas: 3,
    ...spec,
  });
const role = (kind: string, rules: Data[]): Data => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name: 'system:x' },
  rules,
});
const ingress = (path: Data) =>
  withSpec('networking.k8s.io/v1', 'Ingress', {
    rules: [
      {
        host: 'example.com',
        http: {
          paths: [
            {
              path: '/',
              pathType: 'Prefix',
              backend: { service: { name: 'x', port: { number: 80 } } },
              ...path,
            },
          ],
        },
      },
    ],
  });

describe('what the API server refuses', () => {
  it.each<[string, Data, string, KubernetesVersion?]>([
    ['a name with capitals', pod({ containers: [web] }, { name: 'Web' }), '"Web" is not of small letters'],
    ['a label’s value with a blank', pod({ containers: [web] }, { labels: { a: 'b c' } }), '"b c"'],
    [
      'a label’s key with two slashes',
      pod({ containers: [web] }, { labels: { 'a/b/c': '' } }),
      '"a/b/c" has more than one slash',
    ],
    ['an annotation’s key with a blank', pod({ containers: [web] }, { annotations: { 'a b': '' } }), '"a b"'],
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
      'must not have it',
    ],
    ['an exec probe without a command', one({ livenessProbe: { exec: {} } }), 'command is required'],
    ['an empty hook', one({ lifecycle: { preStop: {} } }), 'expected a handler'],
    [
      'a scheme that is none',
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
      'not both',
    ],
    ['no source of a variable', one({ env: [{ name: 'A', valueFrom: {} }] }), 'expected one of fieldRef'],
    [
      'a field that cannot be a variable',
      one({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.phase' } } }] }),
      '"status.phase" is not one of',
    ],
    [
      'a resource that is none',
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
    [
      'a configMap volume without a name',
      pod({ containers: [web], volumes: [{ name: 'v', configMap: {} }] }),
      'name is required',
    ],
    [
      'a mode beyond 0777',
      pod({ containers: [web], volumes: [{ name: 'v', configMap: { name: 'c', defaultMode: 1000 } }] }),
      '1000 is not from 0 to 511',
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
      '60 is not from 600',
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
    ['a resource without a domain', one({ resources: { limits: { gpu: 1 } } }), '"gpu" is not one of'],
    ['a negative amount', one({ resources: { limits: { cpu: '-1' } } }), 'must not be negative'],
    ['half of a device', one({ resources: { limits: { 'nvidia.com/gpu': '500m' } } }), 'whole number'],
    [
      'a device’s request without its limit',
      one({ resources: { requests: { 'nvidia.com/gpu': 1 } } }),
      'needs a limit',
    ],
    ['a user of minus one', one({ securityContext: { runAsUser: -1 } }), '-1 is not from 0'],
    [
      'privileged without escalation',
      one({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
      'privileged is true',
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
      'a host port beside hostNetwork that differs',
      pod({
        hostNetwork: true,
        containers: [container('a', 'b:1', { ports: [{ containerPort: 80, hostPort: 81 }] })],
      }),
      'must be 80',
    ],
    [
      'hostUsers and hostNetwork',
      pod({ hostUsers: false, hostNetwork: true, containers: [web] }),
      'hostUsers is false',
    ],
    [
      'options of Windows in a pod for Linux',
      pod({ os: { name: 'linux' }, securityContext: { windowsOptions: {} }, containers: [web] }),
      'not in a pod for Linux',
    ],
    [
      'a user’s number in a pod for Windows',
      pod({
        os: { name: 'windows' },
        containers: [container('a', 'b:1', { securityContext: { runAsUser: 1 } })],
      }),
      'runAsUser: not in a pod for Windows',
    ],
    [
      'a process namespace, even one not shared, in a pod for Windows',
      pod({ os: { name: 'windows' }, shareProcessNamespace: false, containers: [web] }),
      'shareProcessNamespace: not in a pod for Windows',
    ],
    [
      'a host process of Windows outside the host’s network',
      one({ securityContext: { windowsOptions: { hostProcess: true } } }),
      'hostNetwork: must be true',
    ],
    [
      'a host process of Windows beside a container that is none',
      pod({
        hostNetwork: true,
        containers: [
          container('a', 'b:1', { securityContext: { windowsOptions: { hostProcess: true } } }),
          web,
        ],
      }),
      'all containers must be host processes',
    ],
    [
      'a node port outside the range',
      service({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }),
      '80 is not from 30000 to 32767',
    ],
    [
      'a health check on nodes where traffic goes anywhere',
      service({ type: 'LoadBalancer', ports: [{ port: 80 }], healthCheckNodePort: 31_000 }),
      'externalTrafficPolicy Local',
    ],
    ...['127.0.0.1', '0.0.0.0', '169.254.1.1', 'fe80::1'].map<[string, Data, string]>((address) => [
      `${address} as an address from outside`,
      service({ ports: [{ port: 80 }], externalIPs: [address] }),
      'of the loopback or of one link',
    ]),
    ['manualSelector without a selector', job({ manualSelector: true }), 'a selector is required'],
    [
      'manualSelector that selects others',
      job({ manualSelector: true, selector: { matchLabels: { a: 'b' } } }),
      'does not match the labels',
    ],
    [
      'a retention of claims that is none',
      statefulSet({ persistentVolumeClaimRetentionPolicy: { whenDeleted: 'delete' } }),
      '"delete" is not one of',
    ],
    [
      'a choice of scaling policies that is none',
      hpa({ behavior: { scaleUp: { selectPolicy: 'max' } } }),
      '"max" is not one of',
    ],
    [
      'a scaling policy of no kind',
      hpa({ behavior: { scaleUp: { policies: [{ type: 'pods', value: 1, periodSeconds: 1 }] } } }),
      '"pods" is not one of',
    ],
    [
      'a total as the target of a metric of pods',
      hpa({
        metrics: [{ type: 'Pods', pods: { metric: { name: 'x' }, target: { type: 'Value', value: '1' } } }],
      }),
      'expected averageValue',
    ],
    [
      'a target of an external metric both in all and for each pod',
      hpa({
        metrics: [
          {
            type: 'External',
            external: { metric: { name: 'x' }, target: { type: 'Value', value: '1', averageValue: '1' } },
          },
        ],
      }),
      'not beside value',
    ],
    [
      'a target of no kind',
      hpa({
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'x', averageValue: '1' } } }],
      }),
      '"x" is not one of',
    ],
    [
      'no CPU as a target',
      withSpec('autoscaling/v1', 'HorizontalPodAutoscaler', {
        scaleTargetRef: { kind: 'Deployment', name: 'x' },
        maxReplicas: 3,
        targetCPUUtilizationPercentage: 0,
      }),
      '0 must be more than 0',
    ],
    ...['11.0.0.0/16', '10.0.0.0/8', '10.0.0.0/7', 'fd00::/16'].map<[string, Data, string]>((except) => [
      `a network without ${except}, which is no part of it`,
      withSpec('networking.k8s.io/v1', 'NetworkPolicy', {
        podSelector: {},
        ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: [except] } }] }],
      }),
      `${except} is no part of 10.0.0.0/8`,
    ]),
    [
      'a priority above those of users',
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'x' }, value: 2e9 },
      'for the system only',
    ],
    [
      'the name of a priority of the system',
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'system-x' }, value: 1 },
      'for the system only',
    ],
    [
      'a way to label files that is none',
      pod({ securityContext: { seLinuxChangePolicy: 'x' }, containers: [web] }),
      '"x" is not one of',
    ],
    [
      'a resource claim of nothing',
      pod({ resourceClaims: [{ name: 'a' }], containers: [web] }),
      'expected one of resourceClaimName',
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
      'a field of a node that is not its name',
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
    ...[
      ['limits.cpu', '3'],
      ['requests.memory', '1m'],
      ['limits.ephemeral-storage', '2Mi'],
    ].map<[string, Data, string]>(([resource, divisor]) => [
      `${resource} in units of ${divisor}`,
      one({ env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource, divisor } } }] }),
      `${divisor} is not one of 1`,
    ]),
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
      'no nameserver where dnsPolicy is None',
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
      '0 is not from 1 to 100',
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
    ['an image with a blank before it, in a Pod', one({ image: ' b:1' }), 'blank'],
    ['a restart policy of an app container', one({ restartPolicy: 'Always' }), 'before Kubernetes 1.35'],
    [
      'a selector that the labels do not match',
      deployment({ selector: { matchLabels: { a: 'other' } } }),
      'does not match',
    ],
    ['an empty selector', deployment({ selector: {} }), 'selector is required'],
    [
      'OnFailure in a Deployment',
      workload({ restartPolicy: 'OnFailure', containers: [web] }),
      'Always, the only one',
    ],
    [
      'a deadline in a Deployment',
      workload({ activeDeadlineSeconds: 5, containers: [web] }),
      'forbidden-field',
    ],
    ['negative replicas', deployment({ replicas: -1 }), 'must not be negative'],
    [
      'no surge and nothing unavailable',
      deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      'cannot be 0',
    ],
    [
      'a percentage without its sign',
      deployment({ strategy: { rollingUpdate: { maxSurge: '25' } } }),
      'not a number or a percentage',
    ],
    [
      'a deadline not above minReadySeconds',
      deployment({ minReadySeconds: 700 }),
      'more than minReadySeconds',
    ],
    [
      'surge in a DaemonSet beside the default',
      withSpec('apps/v1', 'DaemonSet', {
        selector: { matchLabels: { a: 'b' } },
        updateStrategy: { rollingUpdate: { maxSurge: 1 } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [web] } },
      }),
      'must be 0 unless',
    ],
    ['a StatefulSet with a dot in its name', { ...statefulSet({}), metadata: { name: 'a.b' } }, '"a.b"'],
    [
      'a claim without a size',
      statefulSet({
        volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: { accessModes: ['ReadWriteOnce'] } }],
      }),
      'storage is required',
    ],
    [
      'a Job that is always restarted',
      job({}, { restartPolicy: 'Always', containers: [web] }),
      'OnFailure or Never',
    ],
    ['a Job without a restart policy', job({}, { containers: [web] }), 'OnFailure or Never'],
    [
      'an indexed Job without completions',
      job({ completionMode: 'Indexed', parallelism: 2 }),
      'completions is required',
    ],
    ['a Job’s own selector', job({ selector: { matchLabels: { a: 'b' } } }), 'generated'],
    ['a schedule of four fields', cron('* * * *'), 'expected 5 fields'],
    ['minute 60', cron('60 * * * *'), 'not from 0 to 59'],
    ['a range backwards', cron('* 5-3 * * *'), 'ends before'],
    ['a time zone in the schedule', cron('TZ=UTC 0 * * * *'), 'belongs in timeZone'],
    ['a time zone that is none', cron('0 * * * *', { timeZone: 'Mars/Base' }), 'not a time zone'],
    [
      'a CronJob’s name of 53 letters',
      { ...cron('0 * * * *'), metadata: { name: 'a'.repeat(53) } },
      'no longer than 52',
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
      'None is not for',
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
      'exclude each other',
    ],
    ['fewer replicas at most than at least', hpa({ minReplicas: 5 }), 'less than minReplicas'],
    ['a metric without its source', hpa({ metrics: [{ type: 'Resource' }] }), 'resource is required'],
    [
      'a metric without a target',
      hpa({ metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } }] }),
      'expected averageUtilization',
    ],
    [
      'a peer of a policy without a selector',
      withSpec('networking.k8s.io/v1', 'NetworkPolicy', { podSelector: {}, ingress: [{ from: [{}] }] }),
      'expected podSelector',
    ],
    [
      'a network that is none',
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
    ['a URL in a Role', role('Role', [{ verbs: ['get'], nonResourceURLs: ['/x'] }]), 'only in a ClusterRole'],
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
      'a Deployment without a spec',
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' } },
      'spec is required',
    ],
    [
      'pod requests below those of its containers',
      pod({
        resources: { requests: { cpu: '1m' } },
        containers: [container('a', 'b:1', { resources: { requests: { cpu: '10m' } } })],
      }),
      'less than its containers',
      '1.34',
    ],
    ['a restart policy that is none, in 1.35', one({ restartPolicy: 'Sometimes' }), '"Sometimes"', '1.35'],
    [
      'a field that went',
      pod({ containers: [web], workloadRef: { name: 'x' } }),
      'went after Kubernetes 1.35',
      '1.36',
    ],
    [
      'a kind that came later',
      { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaim', metadata: { name: 'x' }, spec: {} },
      'came with Kubernetes 1.34',
    ],
  ])('%s', (_, object, expected, version) => {
    const found = refusals(object, version);
    expect(found.join('\n')).toContain(expected);
    expect(found).toHaveLength(1);
  });

  it.each<[string, Data, string]>([
    ['successPolicy not by index', { successPolicy: { rules: [{ succeededCount: 1 }] } }, 'is Indexed'],
    [
      'successPolicy without rules',
      { completionMode: 'Indexed', completions: 3, successPolicy: { rules: [] } },
      'at least one rule',
    ],
    [
      'successPolicy with an empty rule',
      { completionMode: 'Indexed', completions: 3, successPolicy: { rules: [{}] } },
      'expected succeededCount',
    ],
    [
      'a number of successes above completions',
      { completionMode: 'Indexed', completions: 3, successPolicy: { rules: [{ succeededCount: 4 }] } },
      '4 is not from 0 to 3',
    ],
    ...['2-1', '1,1', '0-3', '1-1', 'x'].map<[string, Data, string]>((succeededIndexes) => [
      `succeededIndexes ${JSON.stringify(succeededIndexes)}`,
      { completionMode: 'Indexed', completions: 3, successPolicy: { rules: [{ succeededIndexes }] } },
      'succeededIndexes: ',
    ]),
    [
      'maxFailedIndexes alone',
      { completionMode: 'Indexed', completions: 3, maxFailedIndexes: 1 },
      'backoffLimitPerIndex is required',
    ],
    ['managedBy without a domain', { managedBy: 'x' }, '"x" is not a domain'],
    [
      'FailIndex without a limit for each index',
      {
        podFailurePolicy: {
          rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [1] } }],
        },
      },
      'FailIndex needs',
    ],
    [
      'exit codes out of order',
      {
        podFailurePolicy: {
          rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [2, 1] } }],
        },
      },
      'must be in order',
    ],
    [
      'a status of a condition that is none',
      {
        podFailurePolicy: {
          rules: [{ action: 'Ignore', onPodConditions: [{ type: 'a', status: 'x' }] }],
        },
      },
      '"x" is not one of',
    ],
    [
      'podFailurePolicy with early replacement',
      { podReplacementPolicy: 'TerminatingOrFailed', podFailurePolicy: { rules: [] } },
      'must be Failed',
    ],
  ])('a Job: %s', (_, spec, message) => {
    expect(refusals(job(spec))).toEqual([expect.stringContaining(message)]);
  });
});

describe('what the API server accepts', () => {
  it.each<[string, Data, KubernetesVersion?]>([
    ['a name with dots', pod({ containers: [web] }, { name: 'web.example.com' })],
    [
      'a Job with all its policies',
      job({
        completionMode: 'Indexed',
        completions: 10,
        backoffLimitPerIndex: 1,
        maxFailedIndexes: 2,
        managedBy: 'example.com/controller',
        successPolicy: { rules: [{ succeededIndexes: '0,2-4,9', succeededCount: 2 }] },
        podFailurePolicy: {
          rules: [
            { action: 'FailIndex', onExitCodes: { operator: 'In', values: [1, 42] } },
            { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
          ],
        },
      }),
    ],
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
    [
      'a resource claim of nothing, which Kubernetes 1.33 drops',
      pod({ resourceClaims: [{ name: 'a' }], containers: [web] }),
    ],
    [
      'a Service with all that a load balancer may have',
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
    [
      'a metric of an object with both targets',
      hpa({
        metrics: [
          {
            type: 'Object',
            object: {
              describedObject: { kind: 'Service', name: 'x' },
              metric: { name: 'x' },
              target: { type: 'Value', value: '1', averageValue: '1' },
            },
          },
        ],
      }),
    ],
    [
      'a Job that selects by itself',
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'x' },
        spec: {
          manualSelector: true,
          selector: { matchLabels: { a: 'b' } },
          template: {
            metadata: { labels: { a: 'b' } },
            spec: { restartPolicy: 'Never', containers: [web] },
          },
        },
      },
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
    ['a hook that sleeps not at all', one({ lifecycle: { preStop: { sleep: { seconds: 0 } } } })],
    [
      'a hook that sleeps the whole grace period',
      one({ lifecycle: { preStop: { sleep: { seconds: 30 } } } }),
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
      'a restart policy of an app container, from 1.35',
      one({
        restartPolicy: 'OnFailure',
        restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
      }),
      '1.35',
    ],
    [
      'a volume from an image, from 1.35',
      pod({ containers: [web], volumes: [{ name: 'v', image: { reference: 'x:1' } }] }),
      '1.35',
    ],
    [
      'resources of the pod, which 1.33 drops',
      pod({
        containers: [container('a', 'b:1', { resources: { requests: { cpu: 1 } } })],
        resources: { requests: { cpu: '1m' } },
      }),
    ],
    [
      'an update that may stop everything',
      deployment({ strategy: { rollingUpdate: { maxUnavailable: '100%', maxSurge: 0 } } }),
    ],
    [
      'a selector by expression',
      deployment({
        selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['app', 'other'] }] },
      }),
    ],
    [
      'a StatefulSet that mounts its claim',
      statefulSet({
        template: {
          metadata: { labels: { a: 'b' } },
          spec: {
            containers: [container('c', 'd:1', { volumeMounts: [{ name: 'data', mountPath: '/d' }] })],
          },
        },
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
      }),
    ],
    [
      'a DaemonSet that surges',
      withSpec('apps/v1', 'DaemonSet', {
        selector: { matchLabels: { a: 'b' } },
        updateStrategy: { rollingUpdate: { maxSurge: '10%', maxUnavailable: 0 } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [web] } },
      }),
    ],
    [
      'a Job with a failure policy',
      job({
        backoffLimit: 2,
        podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }] },
      }),
    ],
    [
      'a schedule with names, steps and lists',
      cron('*/15 0-5,22 1 JAN-MAR mon', { timeZone: 'Europe/Berlin' }),
    ],
    ['a schedule by word', cron('@hourly')],
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
      'an autoscaler by container',
      hpa({
        minReplicas: 2,
        metrics: [
          {
            type: 'ContainerResource',
            containerResource: {
              name: 'cpu',
              container: 'web',
              target: { type: 'Utilization', averageUtilization: 70 },
            },
          },
        ],
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: 300,
            policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }],
          },
        },
      }),
    ],
    ['an autoscaler without metrics', hpa({})],
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
  ])('%s', (_, object, version) => {
    expect(refusals(object, version)).toEqual([]);
  });
});
