import { podPaths, valueAt } from '../pod/templates.ts';
import { asRecord } from '../record.ts';
import type { Rule } from './rule.ts';

export const deprecatedApi: Rule = {
  id: 'deprecated-api',
  severity: 'warning',
  why: 'The API server refuses an API version that was removed (error). A deprecated form still works, or silently has no effect any more (warning).',
  fix: 'Use the replacement given in the message.',
  link: 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
  check: {
    *object(object) {
      const { apiVersion, kind, value } = object;
      const gone = removed.find(
        ([version, kinds]) => version === apiVersion && (kinds === undefined || kinds.test(kind)),
      );
      if (gone !== undefined) {
        const [, , since, instead] = gone;
        yield {
          path: ['apiVersion'],
          severity: 'error',
          message: `${apiVersion} ${kind} was removed in Kubernetes ${since}: ${instead}`,
        };
        return;
      }
      if (apiVersion === 'v1') yield* ofKind(kind);
      const pods = podPaths(object);
      yield* inAnnotations(value, ['metadata']);
      for (const pod of pods.filter((path) => path.length > 0)) {
        yield* inAnnotations(value, [...pod, 'metadata']);
      }
      for (const pod of pods) yield* inSpec(asRecord(valueAt(value, [...pod, 'spec'])), [...pod, 'spec']);
    },
  },
};

/** Version, kinds (all if undefined), removal, replacement: the deprecation guide of Kubernetes. */
const removed: ReadonlyArray<readonly [string, RegExp | undefined, string, string]> = [
  ['extensions/v1beta1', /^Ingress$/, '1.22', 'use networking.k8s.io/v1'],
  ['extensions/v1beta1', /^NetworkPolicy$/, '1.16', 'use networking.k8s.io/v1'],
  ['extensions/v1beta1', /^PodSecurityPolicy$/, '1.16', 'use Pod Security admission'],
  [
    'extensions/v1beta1',
    /^ThirdPartyResource$/,
    '1.8',
    'use CustomResourceDefinition in apiextensions.k8s.io/v1',
  ],
  ['extensions/v1beta1', /^Job$/, '1.6', 'use batch/v1'],
  ['extensions/v1beta1', /^HorizontalPodAutoscaler$/, '1.6', 'use autoscaling/v2'],
  ['extensions/v1beta1', /^(Deployment|DaemonSet|ReplicaSet|Scale)$/, '1.16', 'use apps/v1'],
  ['extensions/v1beta1', undefined, '1.22', 'its kinds have moved to other groups'],
  ['settings.k8s.io/v1alpha1', undefined, '1.20', 'move the settings of the PodPreset to the pod template'],
  ['autoscaling/v2alpha1', undefined, '1.8', 'use autoscaling/v2'],
  [
    'admissionregistration.k8s.io/v1alpha1',
    /^InitializerConfiguration$/,
    '1.14',
    'use a MutatingWebhookConfiguration',
  ],
  ['apps/v1beta1', undefined, '1.16', 'use apps/v1'],
  ['apps/v1beta2', undefined, '1.16', 'use apps/v1'],
  ['networking.k8s.io/v1beta1', /^Ingress(Class)?$/, '1.22', 'use networking.k8s.io/v1'],
  ['batch/v1beta1', undefined, '1.25', 'use batch/v1'],
  ['batch/v2alpha1', undefined, '1.21', 'use batch/v1'],
  ['policy/v1beta1', /^PodSecurityPolicy$/, '1.25', 'use Pod Security admission'],
  ['policy/v1beta1', undefined, '1.25', 'use policy/v1'],
  ['autoscaling/v2beta1', undefined, '1.25', 'use autoscaling/v2'],
  ['autoscaling/v2beta2', undefined, '1.26', 'use autoscaling/v2'],
  ['rbac.authorization.k8s.io/v1beta1', undefined, '1.22', 'use rbac.authorization.k8s.io/v1'],
  ['rbac.authorization.k8s.io/v1alpha1', undefined, '1.22', 'use rbac.authorization.k8s.io/v1'],
  [
    'admissionregistration.k8s.io/v1beta1',
    /WebhookConfiguration$/,
    '1.22',
    'use admissionregistration.k8s.io/v1',
  ],
  ['apiextensions.k8s.io/v1beta1', undefined, '1.22', 'use apiextensions.k8s.io/v1'],
  ['apiregistration.k8s.io/v1beta1', undefined, '1.22', 'use apiregistration.k8s.io/v1'],
  ['authentication.k8s.io/v1beta1', /^TokenReview$/, '1.22', 'use authentication.k8s.io/v1'],
  ['authorization.k8s.io/v1beta1', undefined, '1.22', 'use authorization.k8s.io/v1'],
  ['certificates.k8s.io/v1beta1', /^CertificateSigningRequest$/, '1.22', 'use certificates.k8s.io/v1'],
  ['coordination.k8s.io/v1beta1', /^Lease$/, '1.22', 'use coordination.k8s.io/v1'],
  ['discovery.k8s.io/v1beta1', undefined, '1.25', 'use discovery.k8s.io/v1'],
  ['events.k8s.io/v1beta1', undefined, '1.25', 'use events.k8s.io/v1'],
  ['node.k8s.io/v1beta1', undefined, '1.25', 'use node.k8s.io/v1'],
  ['scheduling.k8s.io/v1beta1', undefined, '1.22', 'use scheduling.k8s.io/v1'],
  [
    'storage.k8s.io/v1beta1',
    /^(CSIDriver|CSINode|StorageClass|VolumeAttachment)$/,
    '1.22',
    'use storage.k8s.io/v1',
  ],
  ['storage.k8s.io/v1beta1', /^CSIStorageCapacity$/, '1.27', 'use storage.k8s.io/v1'],
  ['flowcontrol.apiserver.k8s.io/v1beta1', undefined, '1.26', 'use flowcontrol.apiserver.k8s.io/v1'],
  ['flowcontrol.apiserver.k8s.io/v1beta2', undefined, '1.29', 'use flowcontrol.apiserver.k8s.io/v1'],
  ['flowcontrol.apiserver.k8s.io/v1beta3', undefined, '1.32', 'use flowcontrol.apiserver.k8s.io/v1'],
];

const annotations: ReadonlyArray<readonly [RegExp, string]> = [
  [/^seccomp\.security\.alpha\.kubernetes\.io\//, 'securityContext.seccompProfile'],
  [/^container\.seccomp\.security\.alpha\.kubernetes\.io\//, 'securityContext.seccompProfile'],
  [/^container\.apparmor\.security\.beta\.kubernetes\.io\//, 'securityContext.appArmorProfile'],
  [/^scheduler\.alpha\.kubernetes\.io\/critical-pod$/, 'priorityClassName'],
  [/^kubernetes\.io\/ingress\.class$/, 'spec.ingressClassName'],
  [/^volume\.beta\.kubernetes\.io\/storage-class$/, 'spec.storageClassName'],
  [/^service\.alpha\.kubernetes\.io\/tolerate-unready-endpoints$/, 'spec.publishNotReadyAddresses'],
  [/^service\.kubernetes\.io\/topology-aware-hints$/, 'spec.trafficDistribution'],
];

type Found = { readonly path: readonly (string | number)[]; readonly message: string };

/** Deprecated kinds of the core group. */
function* ofKind(kind: string): Iterable<Found> {
  const path = ['kind'];
  if (kind === 'Endpoints') {
    const message = 'Endpoints is deprecated since Kubernetes 1.33: use discovery.k8s.io/v1 EndpointSlice';
    yield { path, message };
  }
  if (kind === 'ComponentStatus')
    yield { path, message: 'ComponentStatus is deprecated since Kubernetes 1.19' };
}

function* inAnnotations(value: unknown, place: Found['path']): Iterable<Found> {
  for (const key of Object.keys(asRecord(asRecord(valueAt(value, place))['annotations']))) {
    const instead = annotations.find(([pattern]) => pattern.test(key))?.[1];
    if (instead !== undefined)
      yield {
        path: [...place, 'annotations', key],
        message: `the annotation ${key} is deprecated: use ${instead}`,
      };
  }
}

function* inSpec(
  spec: Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
): Iterable<Found> {
  if (spec['serviceAccount'] !== undefined && spec['serviceAccountName'] === undefined) {
    yield {
      path: [...path, 'serviceAccount'],
      message: 'serviceAccount is deprecated: use serviceAccountName',
    };
  }
  for (const key of Object.keys(asRecord(spec['nodeSelector']))) {
    const instead = /^beta\.kubernetes\.io\/(os|arch|instance-type)$/.exec(key)?.[1];
    if (instead !== undefined)
      yield {
        path: [...path, 'nodeSelector', key],
        message: `the label ${key} is deprecated: use ${instead === 'instance-type' ? 'node.kubernetes.io' : 'kubernetes.io'}/${instead}`,
      };
  }
  const volumes: readonly unknown[] = Array.isArray(spec['volumes']) ? spec['volumes'] : [];
  for (const [index, volume] of volumes.entries()) {
    if (asRecord(volume)['gitRepo'] !== undefined) {
      yield {
        path: [...path, 'volumes', index, 'gitRepo'],
        message:
          'gitRepo volumes have been disabled since Kubernetes 1.33: clone into an emptyDir from an init container or a sidecar',
      };
    }
  }
}
