import type { Request } from '../command/request.ts';
import type { ErrorReason } from '../figures.ts';
import type { Node } from '../topology/topology.ts';
import type { Action, Dedicated, Refuse, Wait, WaitFor } from './action.ts';
import type { ClientView, DedicatedView } from './client-view.ts';

/** Requests larger than this travel alone, so that others need not wait behind them. */
export const largeRequestBytes = 1024 * 1024;

/** The request waits for this. */
export function waitFor(what: Wait, node: Node): WaitFor {
  return { kind: 'wait', for: what, node };
}

/** An error of the ambassador, after which the client goes on. */
export function refuse(reason: ErrorReason, text: string): Refuse {
  return { kind: 'refuse', reason, text, isLast: false };
}

/** Over a shared connection. */
export function overShared(request: Request, client: ClientView, node: Node): Action {
  if (client.isBehind) return waitFor('reader', node);
  const obstacle = client.obstacleTo(node);
  if (typeof obstacle === 'string') return waitFor(obstacle, node);
  const isLarge = request.size > largeRequestBytes;
  if (obstacle === undefined && !isLarge) return { kind: 'pass', node, request };
  if (!client.isAnswered) return waitFor('replies', node);
  if (obstacle !== undefined) return refuse('unavailable', obstacle.error);
  return overDedicated(request, client, node);
}

/** Over the dedicated connection, which the client gets now if it has none; all it has sent must be answered then. */
export function overDedicated(
  request: Request,
  client: ClientView,
  node: Node,
  { effect = 'none', blocksForMs = 0, ...rest }: Partial<Omit<Dedicated, 'kind' | 'request'>> = {},
): Action {
  return withDedicated(client, node, () => ({ kind: 'dedicated', request, effect, blocksForMs, ...rest }));
}

/** What is done as soon as there is a dedicated connection. */
export function withDedicated<Done>(
  client: ClientView,
  node: Node,
  then: (dedicated: DedicatedView) => Done,
): Done | WaitFor | Refuse {
  if (client.dedicated !== undefined) return then(client.dedicated);
  if (client.dedicatedRefusal !== undefined) return refuse('unavailable', client.dedicatedRefusal);
  const obstacle = client.obstacleTo(node);
  if (typeof obstacle === 'object') return refuse('unavailable', obstacle.error);
  return waitFor(obstacle === 'connection' ? 'connection' : 'dedicated', node);
}
