import type { Wait, WaitFor } from '../decide/action.ts';
import type { Topology } from '../topology/topology.ts';
import type { Intake } from './intake.ts';
import type { View } from './view.ts';

/** What a client's next bytes wait for: its next request for a `Wait` or a `pause` to be over, or the rest of a large one for its `link`. */
export type Hold = Wait | 'link' | 'pause';

/** What the wait is for, where that is a matter of the node, and how long there is for it. */
export interface Where extends Pick<WaitFor, 'node' | 'db'> {
  readonly until: number;
}

/** For a wait that is no matter of the node, and that something else ends. */
export function anywhere({ primary }: Topology): Where {
  return { node: primary, until: Number.POSITIVE_INFINITY };
}

/** How it is known that it has come: by a look when something has changed for the client, or by a call. */
type Row =
  | { readonly hasCome: (client: View) => boolean }
  | { readonly call: (client: View, come: () => void, where: Where) => void };

/** What is read from a client whose requests have to wait: to see that it has gone, something has to be read. */
const readAheadBytes = 16 * 1024;

/**
 * Whether more is read from a client. One whose requests wait is read from no further, unless they wait for the
 * client itself to read: it may be one that sends all its requests before it reads the first reply.
 */
export function mayReadOn(hold: Hold | undefined, intake: Intake, inFlightBytes: number): boolean {
  if (hold === undefined) return true;
  if (intake.isCongested) return false;
  return intake.size < (hold === 'reader' ? inFlightBytes : readAheadBytes);
}

/** All that a client can wait for. */
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
