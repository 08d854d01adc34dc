import { hasRightArity } from '../command/command.ts';
import type { Request } from '../command/request.ts';
import { error } from '../resp/encode.ts';
import type { Node } from '../topology/topology.ts';
import type { Action, Effect } from './action.ts';
import type { ClientView } from './client-view.ts';
import { overDedicated, overShared, waitFor } from './ways.ts';

/** MULTI or WATCH: from here on the client has a dedicated connection. */
export function startTransaction(request: Request, client: ClientView, node: Node): Action {
  const { command, words } = request;
  if (!hasRightArity(command, words.length)) return overShared(request, client, node);
  const effect = command.does === 'multi' ? 'multi' : 'watch';
  const action = overDedicated(request, client, node, { effect });
  // what was sent along with MULTI must not run outside of the transaction
  return action.kind === 'refuse' ? { ...action, isLast: effect === 'multi' } : action;
}

/** A command between MULTI and EXEC: Redis queues it, so the client's connection is kept. */
export function inTransaction(request: Request, client: ClientView, node: Node): Action {
  const { inMulti, name } = request.described;
  if (inMulti !== 'refuse') return overDedicated(request, client, node, { effect: effectOf(request) });
  if (!client.isAnswered) return waitFor('replies', node);
  // the rest of the transaction must not be done without this command, so there is no going on
  const text = error(`ERR redis-ambassador: ${name} is not possible within a transaction`);
  return { kind: 'refuse', reason: 'refused', text, isLast: true };
}

function effectOf({ described, words }: Request): Effect {
  if (described.inMulti === 'pin') return 'pin';
  return described.inMulti === 'end' && hasRightArity(described, words.length) ? 'end-multi' : 'none';
}
