import type { ContainerStatus } from './pods.ts';

/** The time of a container's start or end, in whole seconds as in Kubernetes. */
export interface Moment {
  readonly name: string;
  readonly at: string;
}

/** Start time of each container. */
export function startsOf(containers: readonly ContainerStatus[]): Moment[] {
  return containers.flatMap(({ name, state }) => {
    const at = (state.running ?? state.terminated)?.startedAt;
    return at === undefined ? [] : [{ name, at }];
  });
}

/** End time of each container. */
export function endsOf(containers: readonly ContainerStatus[]): Moment[] {
  return containers.flatMap(({ name, state: { terminated } }) =>
    terminated === undefined ? [] : [{ name, at: terminated.finishedAt }],
  );
}

/** Throws unless exactly these containers came one after the other; within a second any order is accepted. */
export function expectOrder(moments: readonly Moment[], expected: readonly string[]): void {
  const told = moments.map(({ name, at }) => `${name} ${at}`).join(', ');
  const ordered = expected.map((name) => moments.find((moment) => moment.name === name));
  const isAll = moments.length === expected.length && !ordered.includes(undefined);
  const times = ordered.map((moment) => Date.parse(moment?.at ?? ''));
  const isSorted = times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0));
  if (!isAll || !isSorted)
    throw new Error(`expected ${expected.join(', ')}, but it was ${told || 'nothing'}`);
}

/** Seconds between two times of Kubernetes. */
export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
