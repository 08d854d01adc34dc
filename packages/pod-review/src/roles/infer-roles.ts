import type { IPodSpec } from '../../types/kubernetes.ts';
import { type Placed, placedContainers } from '../pod/orders.ts';
import { evidence } from './evidence.ts';
import { isRole, type Verdict } from './role.ts';
import { type Candidate, settle } from './settle.ts';

export interface RoleContext {
  /** The name of the object, which is often that of its app. */
  readonly workload: string;
  /** `pod-review/role.<container>` says a role outright. */
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * Works out what each container is for, from the strongest evidence down: annotation, form, image, command,
 * name, ports, volumes, position. In the order of `placedContainers`.
 */
export function inferRoles(spec: IPodSpec, context: RoleContext): readonly Verdict[] {
  const placed = placedContainers(spec);
  const decided = new Map<Placed, Verdict>();
  const open: Candidate[] = [];
  for (const one of placed) {
    const said = annotated(one, context) ?? formed(one);
    if (said !== undefined) decided.set(one, said);
    else open.push({ ...one, ...evidence(one.container, context.workload) });
  }
  const rest = settle(open, {
    workload: context.workload,
    dataVolumes: dataVolumes(spec),
    hasApp: [...decided.values()].some(({ role }) => role === 'app'),
  });
  for (const [candidate, verdict] of rest) {
    const one = placed.find(({ path }) => path === candidate.path);
    if (one !== undefined) decided.set(one, verdict);
  }
  return placed.map((one) => decided.get(one) ?? { role: 'unknown', why: [] });
}

function annotated({ container }: Placed, { annotations }: RoleContext): Verdict | undefined {
  const role = annotations[`pod-review/role.${container.name}`];
  return role !== undefined && isRole(role) ? { role, why: ['the annotation says so'] } : undefined;
}

/** Init containers have their role by where they stand; a sidecar's image says what kind it is. */
function formed({ container, form }: Placed): Verdict | undefined {
  if (form === 'init') return { role: 'init', why: ['an init container that ends before the app starts'] };
  if (form === 'app') return undefined;
  const { hint, why } = evidence(container, '');
  const position = 'an init container that is always restarted: a native sidecar';
  if (hint === undefined || hint.kind === 'tool' || hint.kind === 'runtime') {
    return { role: 'sidecar', why: [...why, position] };
  }
  return { role: hint.kind === 'web-server' ? 'ambassador' : hint.kind, why: [...why, position] };
}

/** Volumes that do not only hold configuration; one that the pod does not declare is a StatefulSet's claim. */
function dataVolumes({ volumes = [], containers }: IPodSpec): ReadonlySet<string> {
  const isConfig = (name: string) =>
    volumes.some(
      (volume) =>
        volume.name === name &&
        (volume.configMap ?? volume.secret ?? volume.projected ?? volume.downwardAPI) !== undefined,
    );
  const mounted = containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
  return new Set(mounted.filter((name) => !isConfig(name)));
}
