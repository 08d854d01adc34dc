/** State of a container as pod-page sees it. */
export type ContainerState = 'up' | 'degraded' | 'down';

/** Purpose of a container. */
export const roles = ['init', 'application', 'ambassador', 'adaptor', 'sidecar'] as const;
export type Role = (typeof roles)[number];

/** A container and where it is asked. */
export interface Target {
  readonly name: string;
  readonly role: Role | undefined;
  /** Its admin port, without a path; or its health or `/metrics`, with one. */
  readonly url: string;
  /** Named by an option, so it is shown even before it answers. */
  readonly isNamed: boolean;
}

/** One container in `/api/pod`. */
export interface Container {
  readonly name: string;
  readonly role: Role;
  readonly state: ContainerState;
  /** When it was first seen in this state, RFC 3339. */
  readonly since: string;
  /** A sentence for people. */
  readonly summary: string;
  readonly lastError?: { readonly at: string; readonly text: string };
  readonly figures: Figures;
  /** Time of the figures, if they are not current. */
  readonly figuresAt?: string;
  /** Its rate in each second of the last minute, the oldest first. */
  readonly lastMinute: readonly number[];
}

/** Traffic from one container to another; without a rate if only its moment is known. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly rate?: number;
  readonly unit: string;
  /** Whether there was traffic since the look one second ago. */
  readonly isMoving: boolean;
}

/** Backend of a helper, outside the pod. */
export interface Backend {
  readonly name: string;
  /** The helper before it. */
  readonly of: string;
  readonly state: 'up' | 'away' | 'unknown';
  readonly detail: string;
  /** Its nodes, where it has several. */
  readonly nodes: ReadonlyArray<{ readonly name: string; readonly role: string; readonly state: string }>;
}

export interface PodState {
  readonly containers: readonly Container[];
  readonly flows: readonly Flow[];
  readonly backends: readonly Backend[];
}

/** Named values; one that is not known is left out. */
export type Figures = Readonly<Record<string, number | string>>;
