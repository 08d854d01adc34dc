import { describe, expect, it } from 'vitest';
import { container, type Data, documents, sidecar, web } from '../testing/manifests.ts';
import { type Review, review } from './review.ts';

const db = container('db', 'postgres:16');
const template = { metadata: { labels: { app: 'shop' } }, spec: { containers: [web, db] } };
const custom = (apiVersion: string, kind: string, spec: Data): Data => ({
  apiVersion,
  kind,
  metadata: { name: 'shop' },
  spec,
});
const read = (...objects: readonly Data[]): Review => review([{ name: 'a.yaml', text: documents(objects) }]);

describe('a custom resource with a pod template', () => {
  it.each<[string, Data]>([
    [
      'an Argo Rollout',
      custom('argoproj.io/v1alpha1', 'Rollout', { replicas: 3, strategy: { canary: {} }, template }),
    ],
    ['a Knative Service', custom('serving.knative.dev/v1', 'Service', { template })],
    ['an OpenShift DeploymentConfig', custom('apps.openshift.io/v1', 'DeploymentConfig', { template })],
    ['a KEDA ScaledJob', custom('keda.sh/v1alpha1', 'ScaledJob', { jobTargetRef: { template } })],
    [
      'an operator’s podTemplate',
      custom('stable.example.com/v1', 'CronTab', { cronSpec: '* * * * *', podTemplate: template }),
    ],
    [
      'a template deep inside, in a list',
      custom('elasticsearch.k8s.elastic.co/v1', 'Elasticsearch', {
        nodeSets: [{ count: 1 }, { podTemplate: template }],
      }),
    ],
    [
      'an object inside another',
      custom('work.open-cluster-management.io/v1', 'ManifestWork', {
        workload: {
          manifests: [
            { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' }, spec: { template } },
          ],
        },
      }),
    ],
    ['a removed version of a Kubernetes API', custom('extensions/v1beta1', 'Deployment', { template })],
  ])('is reviewed: %s', (_, object) => {
    const { pods, findings } = read(object);
    expect(pods.map(({ pod, verdict }) => [pod.id, verdict])).toEqual([
      [`${object['kind']}/shop`, 'inappropriate'],
    ]);
    expect(findings).toContainEqual(
      expect.objectContaining({ rule: 'datastore-beside-app', container: 'db' }),
    );
  });

  it.each<[string, Data]>([
    [
      'containers at its root, as in a Prometheus',
      custom('monitoring.coreos.com/v1', 'Prometheus', { containers: [web, db] }),
    ],
    [
      'containers without pods, as SidecarSet has',
      custom('apps.kruise.io/v1alpha1', 'SidecarSet', { containers: [db] }),
    ],
    [
      'a carried object of such a kind',
      custom('work.open-cluster-management.io/v1', 'ManifestWork', {
        manifests: [custom('monitoring.coreos.com/v1', 'Prometheus', { containers: [web, db] })],
      }),
    ],
    [
      'a template without containers',
      custom('argoproj.io/v1alpha1', 'Rollout', { template: { spec: { containers: [] } } }),
    ],
    [
      'containers that are not maps',
      custom('stable.example.com/v1', 'CronTab', { template: { spec: { containers: ['web'] } } }),
    ],
    ['a template in its status', { ...custom('stable.example.com/v1', 'CronTab', {}), status: { template } }],
    [
      'a template that is a string',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'x' },
        data: { t: JSON.stringify({ template }) },
      },
    ],
  ])('does not come from %s', (_, object) => {
    expect(read(object).pods).toEqual([]);
  });

  it('may have any fields', () => {
    const spec = {
      containers: [
        {
          ...web,
          sidecarOf: 'x',
          volumeMounts: [{ name: 'from-the-operator', mountPath: '/d' }],
          ports: [{ containerPort: 'h2c' }],
        },
      ],
      shards: 3,
    };
    const { pods, findings } = read(custom('stable.example.com/v1', 'CronTab', { podTemplate: { spec } }));
    expect(pods).toHaveLength(1);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('may have containers without names', () => {
    const { image } = web;
    const { pods } = read(
      custom('serving.knative.dev/v1', 'Service', { template: { spec: { containers: [{ image }] } } }),
    );
    expect(pods[0]?.pod.containers.map(({ name, role }) => [name, role])).toEqual([['containers[0]', 'app']]);
  });

  it('has a verdict and a line for each of its pods', () => {
    const text = `apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: ray}
spec:
  headGroupSpec:
    template:
      spec: {containers: [{name: head, image: "rayproject/ray:2.40.0", ports: [{containerPort: 8265}]}, {name: db, image: "redis:7"}]}
  workerGroupSpecs:
  - replicas: 4
    template:
      spec: {containers: [{name: worker, image: "rayproject/ray:2.40.0"}]}
`;
    const { pods, findings } = review([{ name: 'a.yaml', text }]);
    expect(pods.map(({ pod, verdict }) => [pod.position.line, pod.replicas, verdict])).toEqual([
      [6, 1, 'inappropriate'],
      [10, 4, 'fine'],
    ]);
    expect(findings.find(({ rule }) => rule === 'datastore-beside-app')).toMatchObject({ line: 7 });
  });

  it('is matched by Services and autoscalers, and reads ignore annotations', () => {
    const rollout = custom('argoproj.io/v1alpha1', 'Rollout', {
      template: {
        metadata: { labels: { app: 'shop' }, annotations: { 'pod-review/ignore': 'missing-limits: a demo' } },
        spec: { containers: [web], initContainers: [sidecar('shipper', 'fluent/fluent-bit:3.1')] },
      },
    });
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { selector: { app: 'shop' }, ports: [{ port: 80, targetPort: 'https' }] },
    };
    const hpa = custom('autoscaling/v2', 'HorizontalPodAutoscaler', {
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'shop' },
    });
    const rules = read(rollout, service, hpa).findings.map(({ rule }) => rule);
    expect(rules).toEqual(expect.arrayContaining(['service-port-not-in-pod', 'hpa-counts-sidecars']));
    expect(rules).not.toContain('missing-limits');
  });
});
