import type { IContainer, IPodSpec } from '../../types/kubernetes.ts';
import type { Path } from '../strict/load/position.ts';

/** `app` and `init` as in the spec; `native-sidecar` is an init container that is always restarted (KEP-753). */
export type Form = 'app' | 'init' | 'native-sidecar';

/** A container and where it stands. */
export interface Container {
  readonly name: string;
  readonly spec: IContainer;
  readonly form: Form;
  /** From the object's root. */
  readonly path: Path;
}

/** With how many others a container is compared: a file decides how many there are, and no pod that runs has more. */
export const mostCompared = 100;

/** Whether a container is a placeholder that Istio's injection replaces, with image, limits and all. */
export function isPlaceholder({ spec }: Container): boolean {
  return spec.image === 'auto';
}

/** All containers of a pod spec in the order in which they start. */
export function containersOf(spec: IPodSpec, specPath: Path): readonly Container[] {
  const inits = (spec.initContainers ?? []).map((container, index): Container => {
    const form = container.restartPolicy === 'Always' ? 'native-sidecar' : 'init';
    return { name: container.name, spec: container, form, path: [...specPath, 'initContainers', index] };
  });
  const apps = (spec.containers ?? []).map((container, index): Container => {
    return { name: container.name, spec: container, form: 'app', path: [...specPath, 'containers', index] };
  });
  return [...inits, ...apps];
}
