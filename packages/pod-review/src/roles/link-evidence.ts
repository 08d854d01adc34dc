import { isLoopback } from '../pod/addresses.ts';
import type { Evidence, Spoken } from './role.ts';
import { type Actor, helperRole, isOpen, type Link, othersOf, type Scene } from './scene.ts';
import { weights } from './weigh.ts';

const nameOf = ({ facts }: Actor) => facts.container.name;

/** Evidence from addresses: which container forwards to which, calls which, or hides from the network. */
export function linkEvidence(actor: Actor, scene: Scene): Evidence[] {
  const said = [
    ...(scene.linksFrom.get(actor) ?? []).flatMap((link) => pointing(link) ?? []),
    ...(scene.linksTo.get(actor) ?? []).flatMap(pointedAt),
  ];
  const more = [lostUpstream(actor, scene), hiding(actor, scene)].filter((one) => one !== undefined);
  // the same once: a file may name a port ten times
  return [...new Map([...said, ...more].map((one) => [`${one.role} ${one.weight}`, one])).values()];
}

const say = (role: Spoken, weight: number, says: string): Evidence => ({
  role,
  weight,
  source: 'addresses',
  says,
});

/** Role of a container that points at another. */
function pointing({ from, to, target }: Link): Evidence | undefined {
  const at = target.socket ?? (target.port === undefined ? 'localhost' : `port ${target.port}`);
  const place = `${nameOf(to)} at ${at} (${target.by})`;
  const { upstream, pointedAt: weight } = weights;
  if (target.isUpstream && helperRole(to) === undefined) {
    return say('ambassador', target.isSure ? upstream : weight, `forwards to ${place}`);
  }
  const isClient = helperRole(from) === undefined || from.facts.found?.program.kind === 'proxy';
  if (to.leaning === 'datastore')
    return isClient ? say('app', weight, `keeps its data in ${place}`) : undefined;
  return target.isReload ? say('sidecar', weights.reload, `makes ${place} reload its files`) : undefined;
}

/** Role of a container that another points at. */
function pointedAt({ from, to, target }: Link): Evidence[] {
  if (to.leaning === 'datastore') return [];
  const { by } = target;
  if (
    helperRole(to) === undefined &&
    (target.isUpstream || target.isReload || helperRole(from) !== undefined)
  ) {
    return [say('app', weights.behindProxy, `${nameOf(from)} calls it (${by})`)];
  }
  const role = helperRole(to) ?? 'sidecar';
  return [say(role, weights.pointedAt, `${nameOf(from)} calls it on port ${target.port} (${by})`)];
}

/** An upstream that no container declares is the neighbour. */
function lostUpstream(actor: Actor, scene: Scene): Evidence | undefined {
  const { targets, ports } = actor.facts;
  if (scene.linksFrom.has(actor) || !othersOf(actor, scene).some(isOpen)) return undefined;
  const lost = targets.find(
    ({ port, isUpstream, by }) => isUpstream && by.startsWith('-') && port !== undefined && !ports.has(port),
  );
  return lost && say('ambassador', weights.upstream, `forwards to port ${lost.port} of the pod (${lost.by})`);
}

function hiding(actor: Actor, { linksTo, actors }: Scene): Evidence | undefined {
  const { listeners } = actor.facts;
  const isHidden = listeners.length > 0 && listeners.every(({ host }) => isLoopback(host));
  const isBehind = linksTo.get(actor)?.some(({ target }) => target.isUpstream) === true;
  if (!isHidden || isBehind || actors.length === 1 || actor.leaning === 'datastore') return undefined;
  return say(helperRole(actor) ?? 'sidecar', weights.loopbackOnly, 'listens on loopback only');
}
