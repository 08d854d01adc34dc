import type { IPodSpec } from '../../types/kubernetes.ts';

/**
 * The names of the containers in the order in which the kubelet starts them; containers that start together form one list.
 * Init entries go one by one: a plain one must have ended, a sidecar must have started (its startup probe
 * passed, if it has one) before the next begins. Then all app containers.
 */
export function startOrder(spec: IPodSpec): string[][] {
  const inits = (spec.initContainers ?? []).map(({ name }) => [name]);
  return [...inits, (spec.containers ?? []).map(({ name }) => name)].filter((group) => group.length > 0);
}

/**
 * The names of the containers in the order in which the kubelet sends them their stop signal: all app containers
 * together; once they are gone the sidecars one after the other, last in the list first.
 */
export function stopOrder(spec: IPodSpec): string[][] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const apps = (spec.containers ?? []).map(({ name }) => name);
  return [apps, ...sidecars.reverse().map(({ name }) => [name])].filter((group) => group.length > 0);
}

/** How long the whole stop may take, in seconds, before the remaining containers are killed. */
export function gracePeriodSeconds(spec: IPodSpec): number {
  return spec.terminationGracePeriodSeconds ?? 30;
}
