import type { ErrorReason } from '../figures.ts';
import { error } from '../resp/encode.ts';
import type { Action, DedicatedAction, Refuse, Wait, WaitFor } from './action.ts';
import type { DedicatedView, Question } from './question.ts';

/** Larger requests travel alone, so that others need not wait behind them. */
export const largeRequestBytes = 1024 * 1024;

const boundElsewhere = error(
  'CROSSSLOT redis-ambassador: this connection has watched keys or subscriptions on another server',
);

/** Lets the request wait. */
export function waitFor(what: Wait, { node }: Pick<Question, 'node'>): WaitFor {
  return { kind: 'wait', for: what, node };
}

/** Answers with an error of the ambassador; the client goes on. */
export function refuse(reason: ErrorReason, text: string): Refuse {
  return { kind: 'refuse', reason, text, isLast: false };
}

/** Delays an action until all earlier requests of the client are answered. */
export function whenAnswered<Done>(question: Omit<Question, 'request'>, action: Done): Done | WaitFor {
  return question.client.isAnswered ? action : waitFor('replies', question);
}

/** Sends over a shared connection. */
export function overShared(question: Question): Action {
  const { request, client, node, readAt } = question;
  if (client.isBehind) return waitFor('reader', question);
  const obstacle = client.obstacleTo(node, readAt);
  if (typeof obstacle === 'string') return waitFor(obstacle, question);
  if (obstacle !== undefined) return whenAnswered(question, refuse('unavailable', obstacle.error));
  if (request.size > largeRequestBytes) return whenAnswered(question, overDedicated(question));
  return { kind: 'pass', node, request };
}

/** Sends over the dedicated connection; a client without one gets it now, and must have no pending requests. */
export function overDedicated(
  question: Question,
  { effect = 'none', blocksForMs = 0, ...rest }: Partial<Omit<DedicatedAction, 'kind' | 'request'>> = {},
): Action {
  const { request } = question;
  return withDedicated(question, () => ({ kind: 'dedicated', request, effect, blocksForMs, ...rest }));
}

/** Delays an action until there is a dedicated connection. */
export function withDedicated<Done>(
  question: Omit<Question, 'request'>,
  then: (dedicated: DedicatedView) => Done,
): Done | WaitFor | Refuse {
  const { client, node, readAt, topology } = question;
  if (client.dedicated !== undefined) {
    const isElsewhere = topology.kind !== 'standalone' && client.dedicatedNode !== node.id;
    return isElsewhere ? whenAnswered(question, refuse('refused', boundElsewhere)) : then(client.dedicated);
  }
  if (client.dedicatedRefusal !== undefined) return refuse('unavailable', client.dedicatedRefusal);
  const obstacle = client.obstacleTo(node, readAt);
  if (typeof obstacle === 'object') return refuse('unavailable', obstacle.error);
  return waitFor(obstacle === 'connection' ? 'connection' : 'dedicated', question);
}
