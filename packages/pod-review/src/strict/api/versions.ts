/** Versions whose fields and rules are known here. */
export const kubernetesVersions = ['1.33', '1.34', '1.35', '1.36'] as const;

export type KubernetesVersion = (typeof kubernetesVersions)[number];

/** `minor('1.33')` → 33. */
export function minor(version: KubernetesVersion): number {
  return Number(version.slice(2));
}

interface Span {
  /** First minor version that knows it; before that strict decoding refuses it. */
  readonly since?: number;
  /** Last minor version that knows it. */
  readonly until?: number;
}

/**
 * Fields that not all of these versions know, `Type.field`: the difference between the `json` tags of k8s.io/api
 * at release-1.33, 1.34, 1.35 and 1.36. Fields of status are left out, as the API server drops them.
 */
const fieldSpans: Readonly<Record<string, Span>> = {
  'CoreV1Container.restartPolicyRules': { since: 34 },
  'CoreV1EphemeralContainer.restartPolicyRules': { since: 34 },
  'CoreV1EnvVarSource.fileKeyRef': { since: 34 },
  'CoreV1PodSpec.hostnameOverride': { since: 34 },
  'CoreV1PodSpec.workloadRef': { since: 35, until: 35 },
  'CoreV1PodSpec.schedulingGroup': { since: 36 },
  'CoreV1VolumeProjection.podCertificate': { since: 34 },
  'CoreV1PodCertificateProjection.userAnnotations': { since: 35 },
  'StorageV1CSIDriverSpec.serviceAccountTokenInSecrets': { since: 35 },
  'StorageV1CSIDriverSpec.preventPodSchedulingIfMissing': { since: 36 },
};

/** Fields that the newest version lacks, so that the generated data does not hold them. */
export const retiredFields: Readonly<Record<string, string>> = {
  'CoreV1PodSpec.workloadRef': 'any',
};

/** Kinds that came within these versions. */
const kindSpans: Readonly<Record<string, Span>> = {
  'admissionregistration.k8s.io/v1 MutatingAdmissionPolicy': { since: 36 },
  'admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding': { since: 36 },
  'resource.k8s.io/v1 DeviceClass': { since: 34 },
  'resource.k8s.io/v1 ResourceClaim': { since: 34 },
  'resource.k8s.io/v1 ResourceClaimTemplate': { since: 34 },
  'resource.k8s.io/v1 ResourceSlice': { since: 34 },
  'storage.k8s.io/v1 VolumeAttributesClass': { since: 34 },
};

/** Why a version does not know a field that others do, or undefined when it does. */
export function fieldGap(field: string, version: KubernetesVersion): string | undefined {
  return gap(fieldSpans[field], version);
}

/** Why a version does not know a kind that others do, or undefined when it does. */
export function kindGap(kind: string, version: KubernetesVersion): string | undefined {
  return gap(kindSpans[kind], version);
}

function gap(span: Span | undefined, version: KubernetesVersion): string | undefined {
  if (span?.since !== undefined && minor(version) < span.since)
    return `was added in Kubernetes 1.${span.since}`;
  if (span?.until !== undefined && minor(version) > span.until)
    return `was removed after Kubernetes 1.${span.until}`;
  return undefined;
}
