import type { Input } from '../pod/input.ts';
import type { PodWithRoles } from '../roles/role.ts';
import type { Path, Position } from '../strict/load/position.ts';
import type { KubernetesObject } from '../strict/read-object.ts';

/**
 * error: the API server would refuse it, or the pod as composed is wrong (it never starts, never ends, loses
 * data, or holds containers that must live apart). warning: it runs, and hurts in production. info: could be better.
 */
export const severities = ['error', 'warning', 'info'] as const;

export type Severity = (typeof severities)[number];

/** Whether one severity is at least as bad as another. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(least);
}

/** Something that a rule has found. */
export interface Problem {
  /** From the object's root. */
  readonly path: Path;
  readonly container?: string;
  readonly message: string;
  /** Where it is not the rule's. */
  readonly severity?: Severity;
  /** Where it is not the rule's. */
  readonly fix?: string;
  /** Where it is not the path's. */
  readonly position?: Position | undefined;
  /** Point at the key instead of the value. */
  readonly isAboutKey?: boolean;
}

/** All that a rule may look at besides. */
export type Scope = Input<PodWithRoles>;

/** Looks at one pod or one object; may look at all others of the input. */
export type Check =
  | { readonly pod: (pod: PodWithRoles, input: Scope) => Iterable<Problem> }
  | { readonly object: (object: KubernetesObject, input: Scope) => Iterable<Problem> };

export interface Rule {
  /** Kebab-case, never used again for something else. */
  readonly id: string;
  readonly severity: Severity;
  /** The fault and its reason. */
  readonly why: string;
  /** The remedy. */
  readonly fix: string;
  /** Where to read on. */
  readonly link: string;
  /** Containers that it finds in error must live apart: the pod is inappropriate. */
  readonly separates?: true;
  /** Undefined for findings without an object. */
  readonly check?: Check;
}
