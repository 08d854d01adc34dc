import { declaredPorts } from '../pod/ports.ts';
import { portsInto } from '../pod/services.ts';
import { sharedVolume } from '../pod/shared-files.ts';
import { programOfName } from './programs/find-program.ts';
import type { Evidence } from './role.ts';
import { type Actor, helperRole, isOpen, othersOf, type Scene } from './scene.ts';
import { weights } from './weigh.ts';

const nameOf = ({ facts }: Actor) => facts.container.name;
const kindOf = ({ facts }: Actor) => facts.found?.program.kind;
const hasPorts = ({ facts }: Actor) => facts.ports.size > 0;

/** Evidence for a container's role from its pod: its name, its Services, its neighbours. */
export function companyEvidence(actor: Actor, scene: Scene): Evidence[] {
  return [
    ...ofWorkload(actor, scene),
    ...ofPorts(actor, scene),
    ...ofServices(actor, scene),
    ...ofNeighbours(actor, scene),
    ...ofSameImage(actor, scene),
  ];
}

function* ofWorkload(actor: Actor, scene: Scene): Iterable<Evidence> {
  const { pod } = scene;
  const name = nameOf(actor);
  const say = (weight: number, says: string): Evidence => ({ role: 'app', weight, source: 'workload', says });
  if (actor.leaning === 'datastore') return;
  if (name === pod.object.name) yield say(weights.workload, 'has the same name as the workload');
  else if (pod.object.name.startsWith(`${name}-`) || pod.object.name.endsWith(`-${name}`)) {
    yield say(weights.workloadPart, `the workload ${pod.object.name} is named after it`);
  }
  if (pod.annotations['kubectl.kubernetes.io/default-container'] === name) {
    yield say(weights.defaultContainer, 'is the default container');
  }
  const isGateway = pod.annotations['inject.istio.io/templates'] === 'gateway' && name === 'istio-proxy';
  if (isGateway && !othersOf(actor, scene).some(({ leaning }) => leaning === 'app')) {
    yield say(weights.gateway, 'Istio injects a gateway into it');
  }
}

/** Ports confirm other evidence; alone they suggest an app. */
function* ofPorts(actor: Actor, scene: Scene): Iterable<Evidence> {
  const role = actor.leaning === 'unknown' || actor.leaning === 'init' ? 'app' : actor.leaning;
  const said = actor.own.some(({ source }) => source === 'ports');
  for (const port of said ? [] : [...actor.facts.ports].slice(0, 2)) {
    yield { role, weight: weights.ownPort, source: 'ports', says: `listens on ${port}` };
  }
  const taken = declaredPorts(actor.facts.container).find(
    ({ hostPort }) => hostPort === 80 || hostPort === 443,
  );
  const isBefore = othersOf(actor, scene).some(
    (other) => isOpen(other) && (hasPorts(other) || other.leaning === 'app'),
  );
  if (taken !== undefined && !isBefore) {
    yield {
      role: 'app',
      weight: weights.nodePort,
      source: 'ports',
      says: `uses port ${taken.hostPort} of the node`,
    };
  }
}

const ofHealth = /metric|prom|health|admin|probe|debug|webhook/;
const toControl = /metrics|webhook/;

function* ofServices(actor: Actor, { pod, input }: Scene): Iterable<Evidence> {
  if (!isOpen(actor) || kindOf(actor) === 'web-server') return;
  const service = input
    .servicesOf(pod)
    .find((one) =>
      portsInto(one, actor.facts.container).some(
        ({ name = '', target }) => !ofHealth.test(`${name} ${target}`) && !toControl.test(one.name),
      ),
    );
  if (service !== undefined) {
    yield {
      role: 'app',
      weight: weights.service,
      source: 'services',
      says: `the Service ${service.name} leads to it`,
    };
  }
}

function* ofNeighbours(actor: Actor, scene: Scene): Iterable<Evidence> {
  const others = othersOf(actor, scene);
  const kind = kindOf(actor);
  const isServed = others.some(
    (other) => kindOf(other) !== 'tool' && (isOpen(other) || other.leaning === 'datastore'),
  );
  if (kind === 'tool' && !hasPorts(actor) && isServed) {
    const says = `image ${actor.facts.image}: a base system; its command does the work`;
    yield { role: 'sidecar', weight: weights.idleTool, source: 'image', says };
  }
  const app = others.find(
    (other) => isOpen(other) && kindOf(other) !== 'tool' && !feeds(other, actor, scene),
  );
  if (kind === 'web-server' && app !== undefined && helperRole(actor) === undefined) {
    const says = `a web server in front of ${nameOf(app)}`;
    yield { role: 'ambassador', weight: weights.beforeApp, source: 'position', says };
  }
}

/** Whether a container only fills the folder of a web server. */
function feeds({ facts, leaning }: Actor, server: Actor, { pod }: Scene): boolean {
  const isRuntime = [facts.image, facts.container.name].some(
    (name) => programOfName(name.slice(name.lastIndexOf('/') + 1))?.program.kind === 'runtime',
  );
  const isShared = sharedVolume(facts.container, server.facts.container, pod) !== undefined;
  return facts.ports.size === 0 && leaning === 'unknown' && !isRuntime && isShared;
}

/** Whether its image holds an app and no mere base of one: `acme/django`, but not `python`. */
function isOfTeam({ facts: { found, image } }: Actor): boolean {
  const kind = found?.program.kind;
  if (image === '') return false;
  return kind === undefined || kind === 'app' || (kind === 'runtime' && image.includes('/'));
}

/** One image with different commands is two apps, where it is an app's own and neither is a helper. */
function* ofSameImage(actor: Actor, scene: Scene): Iterable<Evidence> {
  if (!isOpen(actor) || !isOfTeam(actor)) return;
  const twin = othersOf(actor, scene).find(
    (other) =>
      isOpen(other) &&
      other.facts.image === actor.facts.image &&
      other.facts.words.join(' ') !== actor.facts.words.join(' '),
  );
  if (twin !== undefined) {
    yield {
      role: 'app',
      weight: weights.sameImage,
      source: 'image',
      says: `runs the image of ${nameOf(twin)} with another command`,
    };
  }
}
