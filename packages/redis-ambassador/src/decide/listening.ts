import { hasRightArity } from '../command/command.ts';
import { wrongArity } from '../command/words.ts';
import type { Action } from './action.ts';
import type { ClientView, Question } from './question.ts';
import { whenAnswered, withDedicated } from './ways.ts';

/** Whether replies and what is published come to this client in one stream, in which only Redis knows what is allowed. */
export function isListening({ dedicated, protocol }: ClientView): boolean {
  if (dedicated === undefined) return false;
  return dedicated.isMonitoring || (dedicated.isSubscribed && protocol === 2);
}

/** A command of a client that listens: Redis answers it, mostly by saying that it is not allowed. */
export function whileListening(question: Question): Action {
  const isSubscription = question.request.command.does === 'subscribe';
  return whenAnswered(question, isSubscription ? subscribe(question) : { kind: 'raw' });
}

/** SUBSCRIBE and its kin. Each channel is confirmed by itself; the next request waits for all of them. */
export function subscribe(question: Question): Action {
  const { command, words } = question.request;
  const count = words.length;
  if (!hasRightArity(command, count)) return { kind: 'reply', text: wrongArity(command) };
  return withDedicated(question, ({ subscriptions }) => ({
    kind: 'subscribe',
    // without channels all are given up, each with a confirmation, and without any there is one all the same
    confirmations: count > 1 ? count - 1 : Math.max(1, subscriptions[command.subscribesTo]),
  }));
}
