import type { Container } from '../pod/container.ts';
import type { Pod } from '../pod/pod.ts';

/** What a container is for in its pod. */
export const roles = ['app', 'sidecar', 'adaptor', 'ambassador', 'init', 'datastore', 'unknown'] as const;

export type Role = (typeof roles)[number];

/** A role with what spoke for it. */
export interface Verdict {
  readonly role: Role;
  readonly why: readonly string[];
}

export interface ContainerWithRole extends Container, Verdict {}

/** A pod of which is known what each container is for. */
export interface PodWithRoles extends Pod {
  readonly containers: readonly ContainerWithRole[];
}

/** Whether a role serves the app of its pod. */
export function isHelper(role: Role): boolean {
  return role === 'sidecar' || role === 'adaptor' || role === 'ambassador';
}

export function isRole(text: string): text is Role {
  return roles.some((role) => role === text);
}
