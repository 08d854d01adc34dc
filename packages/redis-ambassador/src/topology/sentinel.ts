import type { Value } from '../resp/value.ts';
import { type Address, Endpoint, nameOf } from './endpoint.ts';
import type { Sentinels } from './source.ts';
import { type Node, primaryId, type Topology } from './topology.ts';

/** What one Sentinel knows of the primary with the name in question. */
export interface SentinelAnswer {
  /** Undefined if it does not know the name. */
  readonly primary: Address | undefined;
  /** Grows with each failover that it has heard of; 0 if it does not tell. */
  readonly epoch: number;
  readonly replicas: readonly Replica[];
  /** The other Sentinels that it knows. */
  readonly sentinels: readonly Address[];
}

/** A replica as a Sentinel sees it. */
interface Replica {
  readonly address: Address;
  readonly fault: string | undefined;
}

/** The replies to the questions to a Sentinel; an error in place of one that it does not understand. */
export interface SentinelReplies {
  /** Of `SENTINEL GET-MASTER-ADDR-BY-NAME`. */
  readonly address: Value;
  /** Of `SENTINEL MASTER`. */
  readonly primary: Value;
  /** Of `SENTINEL REPLICAS`. */
  readonly replicas: Value;
  /** Of `SENTINEL SENTINELS`. */
  readonly sentinels: Value;
}

/** Reads what a Sentinel has answered. */
export function readAnswer(replies: SentinelReplies): SentinelAnswer {
  const [host, port] = Array.isArray(replies.address) ? replies.address : [];
  return {
    primary: addressOf(String(host ?? ''), String(port ?? '')),
    epoch: Number(fieldsOf(replies.primary).get('config-epoch')) || 0,
    replicas: instancesIn(replies.replicas).map(({ address, flags }) => ({ address, fault: faultOf(flags) })),
    sentinels: instancesIn(replies.sentinels).map(({ address }) => address),
  };
}

/**
 * The primary that the answers name. A Sentinel that has missed a failover names the old one, so the answer of the
 * latest epoch counts; among those the one of most Sentinels.
 */
export function choosePrimary(answers: Iterable<SentinelAnswer>): SentinelAnswer | undefined {
  const named = [...answers].filter(({ primary }) => primary !== undefined);
  const latest = Math.max(...named.map(({ epoch }) => epoch));
  const candidates = named.filter(({ epoch }) => epoch === latest);
  const votesFor = ({ primary }: SentinelAnswer) =>
    candidates.filter((other) => isSame(other.primary, primary)).length;
  return candidates.toSorted((a, b) => votesFor(b) - votesFor(a))[0];
}

/** The topology before any Sentinel has answered. */
export function unknownPrimary({ reach }: Sentinels): Topology {
  const primary: Node = { id: primaryId, endpoint: undefined, role: 'unknown' };
  return { kind: 'sentinel', epoch: 0, nodes: [primary], primary, placement: undefined, db: reach.db };
}

/** The topology after these answers; the same one if they say nothing new. */
export function withAnswers(
  before: Topology,
  { reach }: Sentinels,
  answers: Iterable<SentinelAnswer>,
): Topology {
  const chosen = choosePrimary(answers);
  if (chosen?.primary === undefined) return before;
  const primary = placed(before.primary, new Endpoint({ ...reach, address: chosen.primary }));
  const replicas = chosen.replicas
    .filter(({ address }) => !isSame(address, chosen.primary))
    .map(({ address, fault }): Node => {
      const endpoint = new Endpoint({ ...reach, address });
      return {
        id: endpoint.name,
        endpoint,
        role: 'slave',
        of: primaryId,
        ...(fault === undefined ? {} : { fault }),
      };
    });
  const nodes = [primary, ...replicas.toSorted((a, b) => (a.id < b.id ? -1 : 1))];
  if (describe(nodes) === describe(before.nodes)) return before;
  return { ...before, epoch: before.epoch + 1, nodes, primary };
}

function placed(node: Node, endpoint: Endpoint): Node {
  return node.endpoint?.name === endpoint.name ? node : { id: node.id, endpoint, role: 'unknown' };
}

/** Two lists with the same text are the same. */
function describe(nodes: readonly Node[]): string {
  return JSON.stringify(nodes.map(({ id, endpoint, role, fault }) => [id, endpoint?.name, role, fault]));
}

function instancesIn(
  reply: Value,
): ReadonlyArray<{ readonly address: Address; readonly flags: readonly string[] }> {
  const instances = Array.isArray(reply) ? reply.map(fieldsOf) : [];
  return instances.flatMap((fields) => {
    const address = addressOf(fields.get('ip') ?? '', fields.get('port') ?? '');
    return address === undefined ? [] : { address, flags: fields.get('flags')?.split(',') ?? [] };
  });
}

/** A list of names and values in turns. */
function fieldsOf(reply: Value): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  if (reply instanceof Map) for (const [name, value] of reply) fields.set(String(name), String(value));
  if (!Array.isArray(reply)) return fields;
  for (let at = 0; at + 1 < reply.length; at += 2) fields.set(String(reply[at]), String(reply[at + 1]));
  return fields;
}

function addressOf(host: string, port: string): Address | undefined {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  return host === '' || number === 0 ? undefined : { host, port: number };
}

function faultOf(flags: readonly string[]): string | undefined {
  return ['s_down', 'o_down', 'disconnected'].find((fault) => flags.includes(fault));
}

function isSame(one: Address | undefined, other: Address | undefined): boolean {
  return one !== undefined && other !== undefined && nameOf(one) === nameOf(other);
}
