import type { Wait, WaitFor } from '../decide/action.ts';
import type { Topology } from '../topology/topology.ts';
import type { Intake } from './intake.ts';
import type { View } from './view.ts';

/** Wait of a client's next bytes: a `Wait` or `pause` before its next request, or the `link` for the rest of a large one. */
export type Hold = Wait | 'link' | 'pause';

/** Node, database and deadline of a wait. */
export interface Where extends Pick<WaitFor, 'node' | 'db'> {
  readonly until: number;
}

/** Details of a wait that does not concern a node and has no deadline. */
export function anywhere({ primary }: Topology): Where {
  return { node: primary, until: Number.POSITIVE_INFINITY };
}

/** Way to detect the end of a wait: a check after each change, or a callback. */
type Row =
  | { readonly hasCome: (client: View) => boolean }
  | { readonly call: (client: View, come: () => void, where: Where) => void };

/** Bytes to read from a waiting client; reading on is needed to notice its disconnect. */
const readAheadBytes = 16 * 1024;

/**
 * Tells whether to read more from a client. A waiting client is not read from, unless the wait is for the
 * client itself to read: it may send all its requests before it reads the first reply.
 */
export function mayReadOn(hold: Hold | undefined, intake: Intake, inFlightBytes: number): boolean {
  if (hold === undefined) return true;
  if (intake.isCongested) return false;
  return intake.size < (hold === 'reader' ? inFlightBytes : readAheadBytes);
}

/** All waits of a client. */
export const waits: Readonly<Record<Hold, Row>> = {
  replies: { hasCome: (client) => client.isAnswered },
  window: { hasCome: ({ parts }) => parts.sender.isWindowOpen },
  reader: { hasCome: (client) => client.hasCaughtUp },
  connection: {
    call: ({ parts }, come, { node, db = parts.state.db, until }) =>
      parts.services.nodes.at(node).set(parts.state.protocol, db)?.wait(come, until),
  },
  congestion: {
    call: ({ parts }, come, { node }) => parts.sender.waitForDrain(parts.services.nodes.at(node), come),
  },
  dedicated: {
    call: ({ parts }, settled, { node, until }) =>
      parts.holder.get(node.id, parts.services.nodes.at(node), { settled, until }),
  },
  topology: {
    call: ({ parts }, come, { until }) => {
      const { nodes, limits } = parts.services;
      nodes.waitForChange(come, until - limits.timeoutMs + limits.holdMs);
    },
  },
  server: { call: ({ parts }, come, { node }) => parts.services.nodes.at(node).waitForDescription(come) },
  pause: { call: ({ parts }, come, { until }) => parts.services.nodes.waitForChange(come, until) },
  link: { call: ({ dedicated }, come) => dedicated?.link.waitForDrain(come) },
};
