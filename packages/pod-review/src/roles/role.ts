import type { Container } from '../pod/container.ts';
import type { Pod } from '../pod/pod.ts';

/** Role of a container in its pod. */
export const roles = ['app', 'sidecar', 'adaptor', 'ambassador', 'init', 'datastore', 'unknown'] as const;

export type Role = (typeof roles)[number];

/** The roles that evidence can speak for. */
export type Spoken = Exclude<Role, 'init' | 'unknown'>;

/** Something that speaks for a role of a container. */
export interface Evidence {
  readonly role: Spoken;
  /** How strongly; see weights.ts. */
  readonly weight: number;
  /** Source of the evidence. */
  readonly source:
    | 'image'
    | 'command'
    | 'name'
    | 'workload'
    | 'ports'
    | 'addresses'
    | 'volumes'
    | 'services'
    | 'position';
  /** In words. */
  readonly says: string;
}

/** A role with the evidence for and against it. */
export interface Verdict {
  readonly role: Role;
  readonly why: readonly string[];
  readonly evidence: readonly Evidence[];
}

export interface ContainerWithRole extends Container, Verdict {}

/** A container that another is pointed at. */
export interface Pointer {
  readonly to: string;
  /** Whether it passes its traffic on to that address. */
  readonly isUpstream: boolean;
}

/** A pod with the role of each container. */
export interface PodWithRoles extends Pod {
  readonly containers: readonly ContainerWithRole[];
  /** Which others of the pod a container is pointed at, all by their names. */
  readonly pointers: ReadonlyMap<string, readonly Pointer[]>;
}

/** Whether a role serves the app of its pod. */
export function isHelper(role: Role): boolean {
  return role === 'sidecar' || role === 'adaptor' || role === 'ambassador';
}

export function isRole(text: string): text is Role {
  return roles.some((role) => role === text);
}
