import type { Value } from '../resp/value.ts';

/** Policies for reads: the primary; replicas while one is fit; replicas only. */
export const readPolicies = ['primary', 'prefer-replica', 'replica'] as const;
/** Element of `readPolicies`. */
export type ReadFrom = (typeof readPolicies)[number];

/** Replication state reported by a server. */
export interface Replication {
  /** Whether it is a replica with a connection to its primary, and has all data. */
  readonly isFollowing: boolean;
  /** Time since it last heard from its primary. */
  readonly silentMs: number;
  /** Time of the query. */
  readonly askedAt: number;
}

/** Lifetime of a report: replicas are asked every half second, and a silent one may be frozen. */
const holdsForMs = 2000;

/** Reads the reply to `INFO replication`. */
export function readReplication(reply: Value, askedAt: number): Replication {
  const lines = String(reply).split('\r\n');
  const fields = new Map(lines.map((line) => [line.split(':', 1)[0], line.slice(line.indexOf(':') + 1)]));
  const silentSeconds = Number(fields.get('master_last_io_seconds_ago') ?? -1);
  const isConnected = fields.get('role') === 'slave' && fields.get('master_link_status') === 'up';
  return { isFollowing: isConnected && silentSeconds >= 0, silentMs: silentSeconds * 1000, askedAt };
}

/** Tells whether a replica is fit for reads, by its latest report. */
export function isFit(
  replication: Replication | undefined,
  { now, maxStalenessMs }: { readonly now: number; readonly maxStalenessMs: number },
): boolean {
  if (replication === undefined || now - replication.askedAt > holdsForMs) return false;
  return replication.isFollowing && replication.silentMs <= maxStalenessMs;
}

/**
 * Chooses the node that a client reads from: always the same while nothing changes, so that it does not see
 * an older value after a newer one. Undefined if none is up.
 */
export function choose<Node>(
  nodes: readonly Node[],
  client: number,
  isUp: (node: Node) => boolean,
): Node | undefined {
  for (let tried = 0; tried < nodes.length; tried++) {
    const node = nodes[(client + tried) % nodes.length];
    if (node !== undefined && isUp(node)) return node;
  }
  return undefined;
}
