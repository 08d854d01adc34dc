/** Kinds that are known by a short name. */
export const kubeKinds = ['endpoints', 'job', 'pod', 'deployment', 'statefulset'] as const;

/** One of the short names. */
export type KubeKind = (typeof kubeKinds)[number];

/** A condition as in `status.conditions`. */
export interface Condition {
  readonly type: string;
  readonly status: string;
}

/** One or several objects of the Kubernetes API, and their required state. */
export interface KubeSpec {
  /** `object` is any other kind, named by its place in the API. */
  readonly kind: KubeKind | 'object';
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Empty for pods that are chosen by labels. */
  readonly name: string;
  readonly labels: string;
  /** Undefined is the pod's own; empty means that the kind has none. */
  readonly namespace: string | undefined;
  readonly minCount: number | undefined;
  readonly condition: Condition | undefined;
}

/** Whether it can be the name of a namespace. */
export function isNamespace(name: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
}
