import { hasRightArity } from '../command/command.ts';
import { wrongArity } from '../command/words.ts';
import type { Action } from './action.ts';
import type { ClientView, Question } from './question.ts';
import { whenAnswered, withDedicated } from './ways.ts';

/** Tells whether replies and messages share one stream for this client, so only Redis knows the allowed commands. */
export function isListening({ dedicated, protocol }: ClientView): boolean {
  if (dedicated === undefined) return false;
  return dedicated.isMonitoring || (dedicated.isSubscribed && protocol === 2);
}

/** Passes on a command of a subscribed client: Redis answers it, mostly with a refusal. */
export function whileListening(question: Question): Action {
  const isSubscription = question.request.command.does === 'subscribe';
  return whenAnswered(question, isSubscription ? subscribe(question) : { kind: 'raw' });
}

/** Decides SUBSCRIBE and its kin. Each channel is confirmed separately; the next request waits for all confirmations. */
export function subscribe(question: Question): Action {
  const { command, words } = question.request;
  const count = words.length;
  if (!hasRightArity(command, count)) return { kind: 'reply', text: wrongArity(command) };
  return withDedicated(question, ({ subscriptions }) => ({
    kind: 'subscribe',
    // without channels all are dropped, each with a confirmation, or with a single one if there are none
    confirmations: count > 1 ? count - 1 : Math.max(1, subscriptions[command.subscribesTo]),
  }));
}
