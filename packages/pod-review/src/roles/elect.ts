import { mostCompared } from '../pod/container.ts';
import type { Pod } from '../pod/pod.ts';
import { sharedVolume } from '../pod/shared-files.ts';
import type { Evidence, Verdict } from './role.ts';
import type { Actor } from './scene.ts';
import { sumFor, weigh, weights } from './weigh.ts';

/** A container and its role by the evidence. */
export interface Judged extends Verdict {
  readonly actor: Actor;
  /** Role by annotation, which is final. */
  readonly said: Verdict | undefined;
}

const roleOf = ({ said, role }: Judged) => (said ?? { role }).role;

/**
 * A pod has a purpose. If no container is an app by its evidence, the likeliest one is; then the containers that share
 * its files and listens on nothing serves it.
 */
export function elect(judged: readonly Judged[], pod: Pod): Judged[] {
  const main = judged.some((one) => roleOf(one) === 'app') ? undefined : likeliest(judged);
  const settled = judged.map((one) => (one === main ? asApp(one, judged) : one));
  const apps = settled.filter((one) => roleOf(one) === 'app').slice(0, mostCompared);
  return settled.map((one) => feeding(one, apps, pod));
}

function likeliest(judged: readonly Judged[]): Judged | undefined {
  const free = judged.filter(({ actor, said }) => said === undefined && actor.facts.container.form === 'app');
  const hasStore = judged.some((one) => roleOf(one) === 'datastore');
  // beside a datastore, which may be the pod's purpose, only containers with a sign of being an app
  const candidates = hasStore ? free.filter(isLikeApp) : free;
  return candidates.reduce<Judged | undefined>(
    (best, one) => (best === undefined || claim(one) > claim(best) ? one : best),
    undefined,
  );
}

function isLikeApp({ role, evidence }: Judged): boolean {
  return role === 'unknown' && sumFor('app', evidence) > 0;
}

/** Weight of a container as the pod's purpose; for a helper, only evidence from the pod around it. */
function claim({ role, evidence, actor }: Judged): number {
  if (role !== 'unknown')
    return sumFor(
      'app',
      evidence.filter(({ source }) => /workload|ports|services/.test(source)),
    );
  const listens = actor.facts.ports.size > 0 ? weights.base : 0;
  // with equal weights, a container that is not a helper goes first
  return sumFor('app', evidence) + listens + weights.ownPort;
}

function asApp(one: Judged, judged: readonly Judged[]): Judged {
  const others = judged.filter((other) => other !== one && roleOf(other) === 'unknown');
  const against = Math.max(0, ...one.evidence.map(({ role }) => sumFor(role, one.evidence)));
  const elected: Evidence = {
    role: 'app',
    weight: against + weights.base,
    source: 'position',
    says: reason(one, others.length),
  };
  return { ...one, ...weigh([...one.evidence, elected]) };
}

function reason({ role, actor, evidence }: Judged, others: number): string {
  if (role !== 'unknown' || evidence.some((one) => one.role === 'ambassador'))
    return 'no other container in the pod that it could help';
  if (others === 0) return 'the only container that is not a helper';
  return actor.facts.ports.size > 0
    ? 'the first container that listens on a port'
    : 'the first container that is not a helper';
}

/** Shares the files of an app and listens on nothing: it serves it. */
function feeding(one: Judged, apps: readonly Judged[], pod: Pod): Judged {
  const { container, ports } = one.actor.facts;
  if (roleOf(one) !== 'unknown' || one.said !== undefined || ports.size > 0) return one;
  for (const { actor } of apps) {
    const shared = sharedVolume(container, actor.facts.container, pod);
    if (shared === undefined) continue;
    const says = `shares the volume ${shared} with ${actor.facts.container.name} and listens on nothing`;
    const evidence: Evidence = { role: 'sidecar', weight: weights.sharedFiles, source: 'volumes', says };
    return { ...one, ...weigh([...one.evidence, evidence]) };
  }
  return one;
}
