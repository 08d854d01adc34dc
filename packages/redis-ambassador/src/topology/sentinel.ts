import type { Value } from '../resp/value.ts';
import { type Address, Endpoint, nameOf } from './endpoint.ts';
import type { Sentinels } from './source.ts';
import { type Node, primaryId, type Topology } from './topology.ts';

/** Knowledge of one Sentinel about the primary. */
export interface SentinelAnswer {
  /** Undefined if it does not know the name. */
  readonly primary: Address | undefined;
  /** Grows with each known failover; 0 if unknown. */
  readonly epoch: number;
  readonly replicas: readonly Replica[];
  /** Other Sentinels it knows. */
  readonly sentinels: readonly Address[];
}

/** A replica as a Sentinel sees it. */
interface Replica {
  readonly address: Address;
  readonly fault: string | undefined;
}

/** Replies of a Sentinel; an error for a command it does not know. */
export interface SentinelReplies {
  /** Reply to `SENTINEL GET-MASTER-ADDR-BY-NAME`. */
  readonly address: Value;
  /** Reply to `SENTINEL MASTER`. */
  readonly primary: Value;
  /** Reply to `SENTINEL REPLICAS`. */
  readonly replicas: Value;
  /** Reply to `SENTINEL SENTINELS`. */
  readonly sentinels: Value;
}

/** Reads the answers of a Sentinel. */
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
 * Chooses the primary. A Sentinel that missed a failover names the old one, so the answer of the
 * latest epoch counts; among equal epochs, that of most Sentinels.
 */
export function choosePrimary(answers: Iterable<SentinelAnswer>): SentinelAnswer | undefined {
  const named = [...answers].filter(({ primary }) => primary !== undefined);
  const latest = Math.max(...named.map(({ epoch }) => epoch));
  const candidates = named.filter(({ epoch }) => epoch === latest);
  const votesFor = ({ primary }: SentinelAnswer) =>
    candidates.filter((other) => isSame(other.primary, primary)).length;
  return candidates.toSorted((a, b) => votesFor(b) - votesFor(a))[0];
}

/** Makes the topology before any Sentinel has answered. */
export function unknownPrimary({ reach }: Sentinels): Topology {
  const primary: Node = { id: primaryId, endpoint: undefined, role: 'unknown' };
  return { kind: 'sentinel', epoch: 0, nodes: [primary], primary, placement: undefined, db: reach.db };
}

/** Updates the topology by the answers; returns the same value if nothing changed. */
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

/** Formats a list of nodes for comparison. */
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

/** Reads a list of alternating names and values. */
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
