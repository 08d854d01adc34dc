import type {
  IContainer,
  IPodSecurityContext,
  IPodSpec,
  ISecurityContext,
} from '../../../types/kubernetes.ts';
import type { Path } from '../load/position.ts';

/** A pod as the checks see it. */
export interface Subject {
  readonly spec: IPodSpec;
  readonly annotations: Readonly<Record<string, string>>;
  /** Ephemeral ones too, each with its path from the pod spec. */
  readonly containers: readonly { readonly spec: IContainer; readonly path: Path }[];
  /** Minor version of Kubernetes whose policy holds. */
  readonly minor: number;
}

/** Checks of a level of Pod Security. */
export interface Violation {
  readonly says: string;
  /** From the pod spec; undefined where it is the pod's own. */
  readonly container: Path | undefined;
}

export interface Check {
  readonly id: string;
  /** First minor version that has it. */
  readonly since?: number;
  /** The check of the lower level that this one takes the place of. */
  readonly replaces?: string;
  readonly find: (subject: Subject) => Iterable<Violation>;
}

type Words = Iterable<string>;
type Context = IPodSecurityContext | ISecurityContext;

/** Looks at the pod as a whole. */
export function ofPod(find: (subject: Subject) => Words): Check['find'] {
  return function* (subject) {
    for (const says of find(subject)) yield { says, container: undefined };
  };
}

/** Looks at each container. */
export function ofContainers(find: (container: IContainer, subject: Subject) => Words): Check['find'] {
  return function* (subject) {
    for (const { spec, path } of subject.containers) {
      for (const says of find(spec, subject)) yield { says, container: path };
    }
  };
}

/** Looks at the security context of the pod and at those of its containers. */
export function ofContexts(find: (context: Context, subject: Subject) => Words): Check['find'] {
  const inPod = ofPod((subject) => find(subject.spec.securityContext ?? {}, subject));
  const inContainers = ofContainers(({ securityContext = {} }, subject) => find(securityContext, subject));
  return function* (subject) {
    yield* inPod(subject);
    yield* inContainers(subject);
  };
}

/** The check where none of the conditions for an exemption holds. */
export function unless(isExempt: (subject: Subject) => boolean, find: Check['find']): Check['find'] {
  return (subject) => (isExempt(subject) ? [] : find(subject));
}

/** From 1.35 on, root in a user namespace of its own is nobody on the node. */
export function hasOwnUsers({ spec, minor }: Subject): boolean {
  return minor >= 35 && spec.hostUsers === false;
}

/** From 1.25 on, checks of Linux features skip a pod for Windows. */
export function isWindows({ spec, minor }: Subject): boolean {
  return minor >= 25 && spec.os?.name === 'windows';
}
