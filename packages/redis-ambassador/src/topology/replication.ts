import type { Value } from '../resp/value.ts';

/** Where reads go: to primaries; to replicas as far as they are fit for it; to replicas and nowhere else. */
export const readPolicies = ['primary', 'prefer-replica', 'replica'] as const;
/** One of them. */
export type ReadFrom = (typeof readPolicies)[number];

/** What a server has said of how it follows its primary. */
export interface Replication {
  /** Whether it is a replica with a connection to its primary, and has all data. */
  readonly isFollowing: boolean;
  /** How long it had not heard of its primary. */
  readonly silentMs: number;
  /** When it was asked. */
  readonly askedAt: number;
}

/** How long what a replica has said holds: it is asked every half second, and one that no longer answers may be frozen. */
const holdsForMs = 2000;

/** Reads the reply to `INFO replication`. */
export function readReplication(reply: Value, askedAt: number): Replication {
  const lines = String(reply).split('\r\n');
  const fields = new Map(lines.map((line) => [line.split(':', 1)[0], line.slice(line.indexOf(':') + 1)]));
  const silentSeconds = Number(fields.get('master_last_io_seconds_ago') ?? -1);
  const isConnected = fields.get('role') === 'slave' && fields.get('master_link_status') === 'up';
  return { isFollowing: isConnected && silentSeconds >= 0, silentMs: silentSeconds * 1000, askedAt };
}

/** Whether a replica may be read from, by what it has said last. */
export function isFit(
  replication: Replication | undefined,
  { now, maxStalenessMs }: { readonly now: number; readonly maxStalenessMs: number },
): boolean {
  if (replication === undefined || now - replication.askedAt > holdsForMs) return false;
  return replication.isFollowing && replication.silentMs <= maxStalenessMs;
}

/**
 * The one of these nodes that this client reads from: always the same while nothing changes, so that it does not see
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
