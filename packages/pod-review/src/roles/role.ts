import type { Container } from '../pod/container.ts';
import type { Pod } from '../pod/pod.ts';

/** What a container is for in its pod. */
export const roles = ['app', 'sidecar', 'adaptor', 'ambassador', 'init', 'datastore', 'unknown'] as const;

export type Role = (typeof roles)[number];

/** The roles that evidence can speak for. */
export type Spoken = Exclude<Role, 'init' | 'unknown'>;

/** Something that speaks for a role of a container. */
export interface Evidence {
  readonly role: Spoken;
  /** How strongly; see weights.ts. */
  readonly weight: number;
  /** What it was read from. */
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

/** A role with what spoke for it and against it. */
export interface Verdict {
  readonly role: Role;
  readonly why: readonly string[];
  readonly evidence: readonly Evidence[];
}

export interface ContainerWithRole extends Container, Verdict {}

/** A container that another is pointed at. */
export interface Pointer {
  readonly to: string;
  /** Whether what it gets is passed on there. */
  readonly isUpstream: boolean;
}

/** A pod of which is known what each container is for. */
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
