import { hasRightArity } from '../command/command.ts';
import type { Request } from '../command/request.ts';
import { wrongArity } from '../command/words.ts';
import type { Node } from '../topology/topology.ts';
import type { Action } from './action.ts';
import type { ClientView } from './client-view.ts';
import { waitFor, withDedicated } from './ways.ts';

/** Whether replies and what is published come to this client in one stream, in which only Redis knows what is allowed. */
export function isListening({ dedicated, protocol }: ClientView): boolean {
  if (dedicated === undefined) return false;
  return dedicated.isMonitoring || (dedicated.isSubscribed && protocol === 2);
}

/** A command of a client that listens: Redis answers it, mostly by saying that it is not allowed. */
export function whileListening(request: Request, client: ClientView, node: Node): Action {
  if (!client.isAnswered) return waitFor('replies', node);
  return request.command.does === 'subscribe' ? subscribe(request, client, node) : { kind: 'raw' };
}

/** SUBSCRIBE and its kin. Each channel is confirmed by itself; the next request waits for all of them. */
export function subscribe({ command, words }: Request, client: ClientView, node: Node): Action {
  const count = words.length;
  if (!hasRightArity(command, count)) return { kind: 'reply', text: wrongArity(command) };
  return withDedicated(client, node, ({ subscriptions }) => ({
    kind: 'subscribe',
    // without channels all are given up, each with a confirmation, and without any there is one all the same
    confirmations: count > 1 ? count - 1 : Math.max(1, subscriptions[command.subscribesTo]),
  }));
}
