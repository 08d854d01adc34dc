import type { Target } from '../pod/addresses.ts';
import { mostCompared } from '../pod/container.ts';
import type { Input } from '../pod/input.ts';
import type { Pod } from '../pod/pod.ts';
import { declaredPorts, runsBeside } from '../pod/ports.ts';
import { type Facts, factsOf } from './facts.ts';
import { ownEvidence } from './own-evidence.ts';
import type { Evidence, Role, Spoken } from './role.ts';
import { weigh, weights } from './weigh.ts';

/** A container that runs beside others, with its facts. */
export interface Actor {
  readonly facts: Facts;
  readonly own: readonly Evidence[];
  /** The role that it has by itself, whoever stands beside it. */
  readonly leaning: Role;
}

/** One container points at another, within the pod. */
export interface Link {
  readonly from: Actor;
  readonly to: Actor;
  readonly target: Target;
}

/** Containers that run in a pod at the same time, and the references between them. */
export interface Scene {
  readonly pod: Pod;
  readonly input: Input;
  readonly actors: readonly Actor[];
  /** Those that each is compared with. */
  readonly near: readonly Actor[];
  /** References by source, and by target. */
  readonly linksFrom: ReadonlyMap<Actor, readonly Link[]>;
  readonly linksTo: ReadonlyMap<Actor, readonly Link[]>;
}

export function sceneOf(pod: Pod, input: Input): Scene {
  const running = pod.containers.filter(runsBeside);
  const declared = new Set(
    running.flatMap((one) => declaredPorts(one).map(({ containerPort }) => containerPort)),
  );
  const actors = running.map((container): Actor => {
    const facts = factsOf(container, { pod, input, declared });
    const own = inForm(facts, ownEvidence(facts, pod.object.name));
    return { facts, own, leaning: weigh(own).role };
  });
  const near = actors.slice(0, mostCompared);
  const links = actors.flatMap((from) => findLinks(from, near));
  return {
    pod,
    input,
    actors,
    near,
    linksFrom: Map.groupBy(links, ({ from }) => from),
    linksTo: Map.groupBy(links, ({ to }) => to),
  };
}

/** A native sidecar ends with the pod, and is never its purpose. */
function inForm({ container, found }: Facts, own: readonly Evidence[]): Evidence[] {
  if (container.form === 'app') return [...own];
  const role = found?.program.kind === 'web-server' ? 'ambassador' : 'sidecar';
  return [
    ...own.filter((one) => one.role !== 'app'),
    {
      role,
      weight: weights.form,
      source: 'position',
      says: 'a native sidecar: an init container with restartPolicy: Always',
    },
  ];
}

function findLinks(from: Actor, near: readonly Actor[]): Link[] {
  return from.facts.targets.flatMap((target) => {
    const to = near.find((other) => other !== from && isAt(target, other, from));
    return to === undefined ? [] : [{ from, to, target }];
  });
}

function isAt({ port, socket }: Target, other: Actor, from: Actor): boolean {
  if (socket !== undefined) {
    return other.leaning === 'datastore' && other.facts.words.some((word) => word.endsWith(socket));
  }
  if (port === undefined) return other.leaning === 'datastore';
  if (from.facts.ports.has(port)) return false;
  return other.facts.ports.has(port) || (other.facts.ports.size === 0 && usualPort(other) === port);
}

/** The port of a datastore that declares none. */
function usualPort({ facts: { found, image } }: Actor): number | undefined {
  if (found?.program.kind !== 'datastore') return undefined;
  return usualPorts.find(([name]) => image.includes(name))?.[1];
}

const usualPorts: ReadonlyArray<readonly [string, number]> = [
  ['postg', 5432],
  ['pgvector', 5432],
  ['timescale', 5432],
  ['mysql', 3306],
  ['mariadb', 3306],
  ['percona', 3306],
  ['mssql', 1433],
  ['redis', 6379],
  ['valkey', 6379],
  ['keydb', 6379],
  ['dragonfly', 6379],
  ['mongo', 27017],
  ['memcached', 11211],
  ['rabbitmq', 5672],
  ['elasticsearch', 9200],
  ['opensearch', 9200],
  ['etcd', 2379],
  ['kafka', 9092],
  ['nats', 4222],
  ['cassandra', 9042],
  ['influx', 8086],
  ['couchdb', 5984],
  ['minio', 9000],
];

/** The role of a helper, where a container says by itself that it is one. */
export function helperRole({ leaning }: Actor): Spoken | undefined {
  return leaning === 'sidecar' || leaning === 'adaptor' || leaning === 'ambassador' ? leaning : undefined;
}

/** Whether a container may be the app of its pod, as far as it says itself. */
export function isOpen({ leaning }: Actor): boolean {
  return leaning === 'app' || leaning === 'unknown';
}

/** Neighbours of an actor. */
export function othersOf(actor: Actor, { near }: Scene): Actor[] {
  return near.filter((other) => other !== actor);
}
