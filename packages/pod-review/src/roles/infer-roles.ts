import type { Container } from '../pod/container.ts';
import type { Input } from '../pod/input.ts';
import type { Pod } from '../pod/pod.ts';
import { companyEvidence } from './company-evidence.ts';
import { elect, type Judged } from './elect.ts';
import { linkEvidence } from './link-evidence.ts';
import { type Evidence, isRole, type PodWithRoles, type Pointer, type Verdict } from './role.ts';
import { type Actor, othersOf, type Scene, sceneOf } from './scene.ts';
import { weigh } from './weigh.ts';

/**
 * Infers the role of each container of a pod. An annotation decides, and an init container is
 * one; for all else evidence is collected from the container, its neighbours and the objects around it, and weighed.
 */
export function inferRoles(pod: Pod, input: Input): PodWithRoles {
  const scene = sceneOf(pod, input);
  const judged = elect(
    scene.actors.map((actor): Judged => {
      const evidence = evidenceFor(actor, scene);
      return { actor, said: annotated(actor.facts.container, pod), ...judge(actor, evidence) };
    }),
    pod,
  );
  const verdicts = new Map(
    judged.map(({ actor, said, ...verdict }) => [actor.facts.container, said ?? verdict]),
  );
  const containers = pod.containers.map((container) => ({
    ...container,
    ...(verdicts.get(container) ?? annotated(container, pod) ?? ended),
  }));
  const pointers = [...scene.linksFrom].map(([{ facts }, links]): [string, Pointer[]] => [
    facts.container.name,
    links.map(({ to, target }) => ({ to: to.facts.container.name, isUpstream: target.isUpstream })),
  ]);
  return { ...pod, containers, pointers: new Map(pointers) };
}

const ended: Verdict = {
  role: 'init',
  why: ['an init container that ends before the app starts'],
  evidence: [],
};

function annotated({ name }: Container, { annotations }: Pod): Verdict | undefined {
  const role = annotations[`pod-review/role.${name}`];
  if (role === undefined || !isRole(role)) return undefined;
  return { role, why: ['set by its annotation'], evidence: [] };
}

function evidenceFor(actor: Actor, scene: Scene): Evidence[] {
  return [...standing(actor, scene), ...linkEvidence(actor, scene), ...companyEvidence(actor, scene)];
}

/** A native sidecar is a sidecar where nothing says more. */
function judge({ facts: { container } }: Actor, evidence: readonly Evidence[]): Verdict {
  if (container.form === 'app') return weigh(evidence);
  const verdict = weigh(evidence.filter(({ role }) => role !== 'app'));
  return verdict.role === 'unknown' ? { ...verdict, role: 'sidecar' } : verdict;
}

/** Evidence of a container alone; a proxy without a possible target in its pod is the pod's purpose. */
function standing(actor: Actor, scene: Scene): readonly Evidence[] {
  const program = actor.facts.found?.program;
  const others = othersOf(actor, scene);
  const stores = others.filter(({ leaning }) => leaning === 'datastore');
  const hasOpen = others.some(({ leaning }) => leaning === 'app' || leaning === 'unknown');
  if (program?.kind !== 'proxy' || program.isHttp !== true || hasOpen || stores.length === 0)
    return actor.own;
  const canServe = stores.some(
    (store) =>
      store.facts.found?.program.isHttp === true ||
      scene.linksFrom.get(actor)?.some(({ to, target }) => to === store && target.isUpstream),
  );
  if (canServe) return actor.own;
  return actor.own.map((one) =>
    one.role === 'ambassador' ? { ...one, role: 'app', says: `${one.says}, with no app beside it` } : one,
  );
}
