import type { IPodSpec } from '../../types/kubernetes.ts';
import type { Container } from '../pod/container.ts';
import type { Pod } from '../pod/pod.ts';
import { evidence } from './evidence.ts';
import { isRole, type PodWithRoles, type Verdict } from './role.ts';
import { type Candidate, settle } from './settle.ts';

/**
 * Works out what each container is for, from the strongest evidence down: annotation, form, image, command,
 * name, ports, volumes, position.
 */
export function inferRoles(pod: Pod): PodWithRoles {
  const workload = pod.object.name;
  const decided = new Map<Container, Verdict>();
  const open: Candidate[] = [];
  for (const container of pod.containers) {
    const said = annotated(container, pod) ?? formed(container);
    if (said !== undefined) decided.set(container, said);
    else open.push({ origin: container, container: container.spec, ...evidence(container.spec, workload) });
  }
  const rest = settle(open, {
    workload,
    dataVolumes: dataVolumes(pod.spec),
    hasApp: [...decided.values()].some(({ role }) => role === 'app'),
  });
  for (const [candidate, verdict] of rest) decided.set(candidate.origin, verdict);
  const containers = pod.containers.map((container) => ({
    ...container,
    ...(decided.get(container) ?? { role: 'unknown' as const, why: [] }),
  }));
  return { ...pod, containers };
}

function annotated({ name }: Container, { annotations }: Pod): Verdict | undefined {
  const role = annotations[`pod-review/role.${name}`];
  return role !== undefined && isRole(role) ? { role, why: ['the annotation says so'] } : undefined;
}

/** Init containers have their role by where they stand; a sidecar's image says what kind it is. */
function formed({ spec, form }: Container): Verdict | undefined {
  if (form === 'init') return { role: 'init', why: ['an init container that ends before the app starts'] };
  if (form === 'app') return undefined;
  const { hint, why } = evidence(spec, '');
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
