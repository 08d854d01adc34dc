import { asRecord, type KubernetesObject } from '../api/read-object.ts';
import type { KubernetesVersion } from '../api/versions.ts';
import type { Pod } from '../pod/pod.ts';

/** Everything that is reviewed together, so that a rule can look across documents. */
export interface Input {
  readonly version: KubernetesVersion;
  readonly objects: readonly KubernetesObject[];
  readonly pods: readonly Pod[];
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

/** Whether a label selector (`matchLabels`, `matchExpressions`) takes these labels in; an empty one takes all. */
export function selects(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  const { matchLabels, matchExpressions } = asRecord(selector);
  const isMatch = Object.entries(asRecord(matchLabels)).every(([key, value]) => labels[key] === value);
  const expressions: readonly unknown[] = Array.isArray(matchExpressions) ? matchExpressions : [];
  return isMatch && expressions.every((expression) => holds(asRecord(expression), labels));
}

function holds(
  { key, operator, values }: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  const label = typeof key === 'string' ? labels[key] : undefined;
  const among = Array.isArray(values) && label !== undefined && values.includes(label);
  if (operator === 'In') return among;
  if (operator === 'NotIn') return !among;
  if (operator === 'Exists') return label !== undefined;
  return operator === 'DoesNotExist' ? label === undefined : true;
}
