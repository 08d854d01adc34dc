/** How a container of the pod is doing, as seen from here. */
export type ContainerState = 'up' | 'degraded' | 'down';

/** One container as `/api/pod` tells it. */
export interface Container {
  readonly name: string;
  /** The pattern it stands for: init, sidecar, adaptor, ambassador, application. */
  readonly role: string;
  readonly state: ContainerState;
  /** When it was first seen in this state, RFC 3339. */
  readonly since: string;
  /** A sentence for people. */
  readonly summary: string;
  readonly figures: Figures;
}

/** The containers that have been looked at, in the order of their start. */
export interface PodState {
  readonly containers: readonly Container[];
}

/** Named values; one that is not known is left out. */
export type Figures = Readonly<Record<string, number | string>>;

/** What one look at a container has found. */
export interface Finding {
  readonly state: ContainerState;
  readonly summary: string;
  readonly figures: Figures;
}
