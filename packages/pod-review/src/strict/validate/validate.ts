import type {
  IClusterRole,
  IConfigMap,
  ICpuAutoscaler,
  ICronJob,
  IDaemonSet,
  IDeployment,
  IHorizontalPodAutoscaler,
  IIngress,
  IJob,
  INetworkPolicy,
  IPersistentVolumeClaim,
  IPod,
  IPodDisruptionBudget,
  IPodTemplate,
  IPriorityClass,
  IReplicaSet,
  IReplicationController,
  IRoleBinding,
  ISecret,
  IService,
  IStatefulSet,
  IStorageClass,
} from '../../../types/kubernetes.ts';
import type { Report } from '../api/fault.ts';
import { type KubernetesVersion, minor } from '../api/versions.ts';
import { validateAutoscaler, validateBudget, validateCpuAutoscaler } from './autoscaling.ts';
import { validateConfigMap, validateSecret } from './config.ts';
import { validateCronJob, validateJob } from './jobs.ts';
import { validateMetadata } from './metadata.ts';
import { dns1035Label, dnsLabel, dnsSubdomain, type NameForm, pathSegment } from './names.ts';
import { validateIngress, validateNetworkPolicy } from './network.ts';
import { Place } from './place.ts';
import { validatePodSpec, validateTemplate } from './pod-spec.ts';
import { validateBinding, validateRules } from './rbac.ts';
import { validateService } from './service.ts';
import { validateClaimSpec } from './storage.ts';
import {
  validateDaemonSet,
  validateDeployment,
  validateReplicaSet,
  validateReplicationController,
  validateStatefulSet,
} from './workloads.ts';

type Validator = (value: unknown, version: KubernetesVersion, place: Place) => void;

/** A validator of one kind: `decode` has given the value that kind's shape. */
function of<Kind>(check: (object: Kind, version: KubernetesVersion, place: Place) => void): Validator {
  return (value, version, place) => check(value as Kind, version, place);
}

/** A validator of a kind's `spec`. Without a spec there is nothing that the server would accept. */
function ofSpec<Kind extends { readonly spec?: unknown }>(
  check: (spec: NonNullable<Kind['spec']>, version: KubernetesVersion, place: Place) => void,
): Validator {
  return of<Kind>(({ spec }, version, place) => {
    if (spec === undefined || spec === null) place.at('spec').missing();
    else check(spec, version, place.at('spec'));
  });
}

/**
 * Checks of the API server beyond types, kind by kind. Sources: pkg/apis/<group>/validation of
 * k8s.io/kubernetes 1.33 to 1.36. Kinds that are not here are checked for types, fields and names only.
 */
const validators: Readonly<Record<string, Validator>> = {
  'v1 Pod': ofSpec<IPod>((spec, version, place) => {
    validatePodSpec(spec, { version, isPod: true }, place);
    validateAdmission(spec, place);
    if ((spec.nodeName ?? '') !== '' && (spec.schedulingGates ?? []).length > 0)
      place.at('nodeName').forbidden('not allowed with schedulingGates');
    if ((spec.ephemeralContainers ?? []).length > 0)
      place.at('ephemeralContainers').forbidden('not allowed at creation');
    for (const list of ['containers', 'initContainers'] as const) {
      for (const [index, { image = '' }] of (spec[list] ?? []).entries()) {
        if (image !== image.trim())
          place.at(list, index, 'image').invalid('must not begin or end with white space');
      }
    }
  }),
  'v1 PodTemplate': of<IPodTemplate>(({ template = {} }, version, place) =>
    validateTemplate(template, { version }, place.at('template')),
  ),
  'v1 ReplicationController': ofSpec<IReplicationController>(validateReplicationController),
  'apps/v1 Deployment': ofSpec<IDeployment>(validateDeployment),
  'apps/v1 ReplicaSet': ofSpec<IReplicaSet>(validateReplicaSet),
  'apps/v1 DaemonSet': ofSpec<IDaemonSet>(validateDaemonSet),
  'apps/v1 StatefulSet': ofSpec<IStatefulSet>(validateStatefulSet),
  'batch/v1 Job': ofSpec<IJob>(validateJob),
  'batch/v1 CronJob': ofSpec<ICronJob>(validateCronJob),
  'v1 Service': ofSpec<IService>(validateService),
  'v1 ConfigMap': of<IConfigMap>((object, _, place) => validateConfigMap(object, place)),
  'v1 Secret': of<ISecret>((object, _, place) => validateSecret(object, place)),
  'v1 PersistentVolumeClaim': ofSpec<IPersistentVolumeClaim>((spec, _, place) =>
    validateClaimSpec(spec, place),
  ),
  'policy/v1 PodDisruptionBudget': of<IPodDisruptionBudget>(({ spec = {} }, _, place) =>
    validateBudget(spec, place.at('spec')),
  ),
  'autoscaling/v1 HorizontalPodAutoscaler': ofSpec<ICpuAutoscaler>(validateCpuAutoscaler),
  'autoscaling/v2 HorizontalPodAutoscaler': ofSpec<IHorizontalPodAutoscaler>(validateAutoscaler),
  'networking.k8s.io/v1 NetworkPolicy': of<INetworkPolicy>(({ spec = {} }, version, place) =>
    validateNetworkPolicy(spec, version, place.at('spec')),
  ),
  'networking.k8s.io/v1 Ingress': of<IIngress>(({ metadata, spec }, _, place) => {
    if (spec === undefined) return place.at('spec').missing();
    validateIngress(spec, place.at('spec'));
    const old = metadata?.annotations?.['kubernetes.io/ingress.class'];
    if (old !== undefined && spec.ingressClassName !== undefined && old !== spec.ingressClassName)
      place
        .at('metadata', 'annotations', 'kubernetes.io/ingress.class')
        .invalid('differs from ingressClassName');
  }),
  'networking.k8s.io/v1 IngressClass': of<{ spec?: { controller?: string } }>(({ spec = {} }, _, place) => {
    if ((spec.controller ?? '') === '') place.at('spec', 'controller').missing();
  }),
  'rbac.authorization.k8s.io/v1 Role': of<IClusterRole>(({ rules = [] }, _, place) =>
    validateRules(rules, true, place.at('rules')),
  ),
  'rbac.authorization.k8s.io/v1 ClusterRole': of<IClusterRole>(({ rules = [] }, _, place) =>
    validateRules(rules, false, place.at('rules')),
  ),
  'rbac.authorization.k8s.io/v1 RoleBinding': of<IRoleBinding>((object, _, place) =>
    validateBinding(object, true, place),
  ),
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': of<IRoleBinding>((object, _, place) =>
    validateBinding(object, false, place),
  ),
  'storage.k8s.io/v1 StorageClass': of<IStorageClass>(({ provisioner }, _, place) => {
    if (provisioner === '') place.at('provisioner').missing();
  }),
  'scheduling.k8s.io/v1 PriorityClass': of<IPriorityClass>(({ metadata, value = 0 }, _, place) => {
    if (value > 1_000_000_000)
      place.at('value').forbidden('values above 1000000000 are reserved for the system');
    const { name = '' } = metadata ?? {};
    if (name.startsWith('system-') && !/^system-(cluster|node)-critical$/.test(name)) {
      place.at('metadata', 'name').forbidden('the prefix system- is reserved for the system');
    }
  }),
};

/** Fields that default admission fills in for a Pod, and that must therefore be absent. */
function validateAdmission(spec: NonNullable<IPod['spec']>, place: Place): void {
  const { priorityClassName = '', runtimeClassName, priority, preemptionPolicy, overhead } = spec;
  if (priorityClassName === '' && priority !== undefined && priority !== 0)
    place.at('priority').forbidden('not allowed without a priorityClassName');
  if (priorityClassName === '' && preemptionPolicy === 'Never')
    place.at('preemptionPolicy').forbidden('not allowed without a priorityClassName');
  if (runtimeClassName === undefined && Object.keys(overhead ?? {}).length > 0)
    place.at('overhead').forbidden('not allowed without a runtimeClassName');
}

/** Reports faults by the API server's validation, in an object with the shape of its kind. */
export function validate(
  { apiVersion, kind, value }: { apiVersion: string; kind: string; value: Readonly<Record<string, unknown>> },
  version: KubernetesVersion,
  report: Report,
): void {
  const place = new Place([], report);
  const metadata = (value['metadata'] ?? {}) as Parameters<typeof validateMetadata>[0]; // decoded as ObjectMeta
  validateMetadata(metadata, nameFormOf(apiVersion, kind, version), place.at('metadata'));
  if (metadata.namespace !== undefined && metadata.namespace !== '') {
    place.at('metadata', 'namespace').check(dnsLabel(metadata.namespace));
  }
  if (kind === 'CronJob' && (metadata.name ?? '').length > 52) {
    place.at('metadata', 'name').invalid('must be at most 52 characters: the names of its Jobs add 11');
  }
  // the Job's pods carry its name in a label; a generated one is cut to fit
  if (kind === 'Job' && (metadata.name ?? '').length > 63) {
    place.at('metadata', 'name').invalid('must be at most 63 characters: its pods carry it as a label');
  }
  const key = `${apiVersion} ${kind}`;
  if (Object.hasOwn(validators, key)) validators[key]?.(value, version, place);
}

function nameFormOf(apiVersion: string, kind: string, version: KubernetesVersion): NameForm {
  if (apiVersion === 'v1' && kind === 'Service') return minor(version) >= 36 ? dnsLabel : dns1035Label;
  // the pods of a StatefulSet have its name in theirs, which is a host name
  if (kind === 'Namespace' || kind === 'StatefulSet') return dnsLabel;
  if (kind === 'PodDisruptionBudget') return pathSegment;
  if (apiVersion.startsWith('rbac.authorization.k8s.io/') || apiVersion.startsWith('apiregistration'))
    return pathSegment;
  return apiVersion.startsWith('flowcontrol') ? pathSegment : dnsSubdomain;
}
