import { blocksForMs } from '../command/blocking.ts';
import { hasRightArity } from '../command/command.ts';
import type { Request } from '../command/request.ts';
import { notLoggedIn, wrongArity } from '../command/words.ts';
import { error } from '../resp/encode.ts';
import type { Node, Topology } from '../topology/topology.ts';
import type { Action } from './action.ts';
import type { ClientView } from './client-view.ts';
import { isListening, subscribe, whileListening } from './listening.ts';
import { select, track, unblock } from './rewritten.ts';
import { inTransaction, startTransaction } from './transaction.ts';
import { overDedicated, overShared, refuse, waitFor } from './ways.ts';

/** Decides what to do with a request: the first rule that holds. */
export function decide(request: Request, client: ClientView, topology: Topology): Action {
  const { command } = request;
  const node = topology.primary;
  if (command.does === 'intruder') return { kind: 'cut', reason: 'intruder' };
  if (command.does === 'quit' && client.dedicated?.isExpecting) return { kind: 'answer' };
  const isReset = command.does === 'reset' && hasRightArity(command, request.words.length);
  const isRefused = !client.isLoggedIn && !command.isBeforeLogin;
  if (command.does === 'quit' || isReset || isRefused) {
    if (!client.isAnswered) return waitFor('replies', node);
    return isRefused ? refuse('auth', notLoggedIn) : { kind: 'answer' };
  }
  if (isListening(client)) return whileListening(request, client, node);
  if (client.dedicated?.isInTransaction) return inTransaction(request, client, node);
  if (request.described.does === 'plain') return passOn(request, client, node);
  return client.isAnswered ? byDeed(request, client, node) : waitFor('replies', node);
}

/** Over the dedicated connection while the client has one, else over a shared one. */
function passOn(request: Request, client: ClientView, node: Node): Action {
  if (client.dedicated === undefined) return overShared(request, client, node);
  // what comes next may be a confirmation, which must not be taken for a reply
  if (client.dedicated.isExpecting && !client.isAnswered) return waitFor('replies', node);
  return overDedicated(request, client, node);
}

/** What is more than plain, once all that was sent before is answered. */
function byDeed(request: Request, client: ClientView, node: Node): Action {
  const { described } = request;
  switch (described.does) {
    case 'multi':
    case 'watch':
      return startTransaction(request, client, node);
    case 'block':
    case 'await-writes': {
      const forMs = blocksForMs(request);
      if (forMs === 0) return passOn(request, client, node);
      return overDedicated(request, client, node, { effect: described.does, blocksForMs: forMs });
    }
    case 'monitor':
    case 'pin':
      return overDedicated(request, client, node, { effect: described.does });
    case 'dedicated':
      return overDedicated(request, client, node);
    case 'refuse':
      return refuse('refused', error(`ERR redis-ambassador: ${described.name} is not possible here`));
    case 'subscribe':
      return subscribe(request, client, node);
    default:
      return hasRightArity(described, request.words.length)
        ? aboutClients(request, client, node)
        : { kind: 'reply', text: wrongArity(described) };
  }
}

/** What is about the client's own connection, or that of another one. */
function aboutClients(request: Request, client: ClientView, node: Node): Action {
  switch (request.described.does) {
    case 'select':
      return select(request, client, node);
    case 'unblock':
      return unblock(request, client, node);
    case 'track':
      return track(request, client, node);
    case 'hello':
      return client.isDescribed(node) ? { kind: 'answer' } : waitFor('server', node);
    default:
      return { kind: 'answer' };
  }
}
