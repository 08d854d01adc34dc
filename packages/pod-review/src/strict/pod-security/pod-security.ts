import type { IPodSpec } from '../../../types/kubernetes.ts';
import { baseline } from './baseline.ts';
import type { Check, Violation } from './check.ts';
import { restricted } from './restricted.ts';

/** The levels of Pod Security that forbid something. */
export type Level = 'baseline' | 'restricted';

/** A level as it is in a minor version of Kubernetes: the `enforce` and `enforce-version` of a namespace. */
export interface Policy {
  readonly level: Level;
  readonly minor: number;
}

/** A pod, as far as Pod Security looks at it. */
export interface SecuredPod {
  readonly spec: IPodSpec;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Reasons of Pod Security admission to keep a pod out of a namespace that enforces the policy. */
export function violationsOf({ spec, annotations }: SecuredPod, policy: Policy): Violation[] {
  const containers = (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, index) => ({ spec: container, path: [list, index] })),
  );
  const subject = { spec, annotations, containers, minor: policy.minor };
  return checksOf(policy).flatMap(({ find }) => [...find(subject)]);
}

function checksOf({ level, minor }: Policy): Check[] {
  const all = [...baseline, ...(level === 'restricted' ? restricted : [])];
  const present = all.filter(({ since = 0 }) => minor >= since);
  const replaced = new Set(present.map(({ replaces }) => replaces));
  return present.filter(({ id }) => !replaced.has(id));
}
