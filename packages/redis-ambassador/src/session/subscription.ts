import { hasRightArity } from '../route/command-table.ts';
import { wrongArity } from './answers/words.ts';
import type { SubscriptionKind } from './dedicated.ts';
import type { Request } from './request.ts';
import type { Session } from './session.ts';

/** Whether replies and what is published come to this client in one stream, in which only Redis knows what is allowed. */
export function isListening({ dedicated, state }: Session): boolean {
  return (
    dedicated !== undefined && (dedicated.isMonitoring || (dedicated.isSubscribed && state.protocol === 2))
  );
}

/** A command of a client that listens: Redis answers it, mostly by saying that it is not allowed. */
export function passToListener(request: Request, session: Session): boolean {
  if (!session.isQuiet()) return false;
  if (request.command.route === 'subscription') return subscribe(request, session);
  session.dedicated?.link.sendRaw(request.bytes.subarray(request.start, request.end));
  session.dedicated?.sentUntracked();
  return true;
}

/** SUBSCRIBE and its kin. Each channel is confirmed by itself; the next request waits for all of them. */
export function subscribe(request: Request, session: Session): boolean {
  const count = request.words.length;
  if (!hasRightArity(request.command, count)) return session.answer(wrongArity(request.command));
  const dedicated = session.needDedicated();
  if (dedicated === undefined) return false;
  if (typeof dedicated === 'string') return session.fail('unavailable', dedicated);
  const { now, limits } = session.services;
  // without channels all of them are given up, each with a confirmation, and without any there is one all the same
  const confirmations = count > 1 ? count - 1 : Math.max(1, dedicated.subscriptions[kindOf(request)]);
  dedicated.expect(confirmations, now() + limits.timeoutMs);
  dedicated.link.sendRaw(request.bytes.subarray(request.start, request.end));
  return true;
}

/** MONITOR: from here on the client is told what others do. */
export function startMonitor(request: Request, session: Session): boolean {
  if (!session.forwardAlone(request)) return false;
  if (session.dedicated !== undefined) session.dedicated.isMonitoring = true;
  return true;
}

function kindOf({ command }: Request): SubscriptionKind {
  if (command.name.startsWith('p')) return 'pattern';
  return command.name === 'ssubscribe' || command.name === 'sunsubscribe' ? 'shard' : 'channel';
}
