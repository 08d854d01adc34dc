import type { KubernetesObject } from '../api/read-object.ts';
import type { KubernetesVersion } from '../api/versions.ts';
import type { Pod } from '../pod/pod.ts';

/** Everything that is reviewed together, so that a rule can look across documents. */
export interface Input {
  readonly version: KubernetesVersion;
  readonly objects: readonly KubernetesObject[];
  readonly pods: readonly Pod[];
  /** All rules by their ids. */
  readonly ruleIds: ReadonlySet<string>;
}

/** The objects of a kind that live in a pod's namespace. */
export function besides(input: Input, pod: Pod, kind: string): KubernetesObject[] {
  return input.objects.filter(
    (object) => object.kind === kind && isSameNamespace(object.namespace, pod.object.namespace),
  );
}

/** A namespace that is not written is whatever the manifest is applied to. */
export function isSameNamespace(a: string | undefined, b: string | undefined): boolean {
  return a === b || a === undefined || b === undefined;
}
