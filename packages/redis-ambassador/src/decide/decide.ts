import { blocksForMs } from '../command/blocking.ts';
import { type Deed, hasRightArity } from '../command/command.ts';
import type { Request } from '../command/request.ts';
import { notLoggedIn, wrongArity } from '../command/words.ts';
import { error } from '../resp/encode.ts';
import type { Topology } from '../topology/topology.ts';
import type { Action } from './action.ts';
import { isListening, subscribe, whileListening } from './listening.ts';
import { toAll } from './parts.ts';
import { overRight, placed } from './placed.ts';
import type { ClientView, Question } from './question.ts';
import { atReader } from './reading.ts';
import { select, track, unblock } from './rewritten.ts';
import { inTransaction, startTransaction } from './transaction.ts';
import { overDedicated, overShared, refuse, waitFor, whenAnswered } from './ways.ts';

const answer: Action = { kind: 'answer' };

/** Decides the action for a request, by the first rule that applies. */
export function decide(request: Request, client: ClientView, topology: Topology): Action {
  const question = { request, client, node: topology.primary, readAt: request.readAt, topology };
  const { command, described, words } = request;
  const { does } = described;
  if (does === 'intruder') return { kind: 'cut', reason: 'intruder' };
  if (does === 'quit') return whenAnswered(question, answer);
  if (does === 'reset' && hasRightArity(command, words.length)) return whenAnswered(question, answer);
  if (!client.isLoggedIn && !command.isBeforeLogin) {
    return whenAnswered(question, refuse('auth', notLoggedIn));
  }
  if (does === 'denied') return whenAnswered(question, denied(question));
  if (client.dedicated !== undefined && client.isBehind) return waitFor('reader', question);
  if (topology.placement !== undefined) return placed(question, byState);
  const isShown = topology.kind !== 'sentinel' || client.dedicated !== undefined;
  // clients must not learn the addresses of other servers
  const names = described.merge === 'info' || described.merge === 'role';
  if (!isShown && names) return toAll(question, [topology.primary]);
  if (client.isRedirecting) return waitFor('replies', question);
  return topology.kind === 'standalone' ? byState(question) : atReader(question, atNode);
}

const atNode = (question: Question) => overRight(question, byState);

/** Denies a command; a transaction must not go on without it. */
function denied({ request, client }: Question): Action {
  const text = error(`NOPERM redis-ambassador: command '${request.described.name}' is denied`);
  const isLast = client.isMultiOpen || client.dedicated?.isInTransaction === true;
  return { ...refuse('denied', text), isLast };
}

/** Decides by the client's state, else by the deed of the command. */
function byState(question: Question): Action {
  const { request, client } = question;
  const { does } = request.described;
  if (isListening(client)) return whileListening(question);
  if (client.dedicated?.isInTransaction) return inTransaction(question);
  if (does === 'plain' || does === 'prefix') return passOn(question);
  if (does === 'unwatch') return passOn(question, does);
  return client.isAnswered ? byDeed(question, does) : waitFor('replies', question);
}

/** Sends over the client's dedicated connection, if any, else over a shared one. */
function passOn(question: Question, effect: 'none' | 'unwatch' = 'none'): Action {
  const { dedicated, getsLargeReplies } = question.client;
  if (dedicated === undefined) {
    return getsLargeReplies ? whenAnswered(question, overDedicated(question)) : overShared(question);
  }
  // the next frame may be a confirmation, not a reply; a blocked client may stay so for long
  const isBusy = dedicated.isExpecting || dedicated.isBlocking;
  const action = overDedicated(question, { effect });
  return isBusy ? whenAnswered(question, action) : action;
}

/** Decides commands that are not plain, once all earlier requests are answered. */
function byDeed(question: Question, does: Exclude<Deed, 'plain' | 'prefix' | 'unwatch'>): Action {
  const { described, words } = question.request;
  switch (does) {
    case 'multi':
    case 'watch':
      return startTransaction(question, does);
    case 'subscribe':
      return subscribe(question);
    case 'block':
    case 'await-writes':
      return block(question, does);
    case 'monitor':
    case 'pin':
      // Redis refuses it, so nothing changes
      if (!hasRightArity(described, words.length)) return passOn(question);
      return overDedicated(question, { effect: does });
    case 'dedicated':
      return overDedicated(question);
    case 'quit':
      return answer;
    case 'intruder':
      return { kind: 'cut', reason: 'intruder' };
    case 'denied':
      return denied(question);
    case 'refuse':
      return refuse('refused', error(`ERR redis-ambassador: ${described.name} is not supported`));
    case 'here':
    case 'hello':
    case 'reset':
    case 'select':
    case 'track':
    case 'unblock':
      return aboutClients(question, does);
  }
}

/** Sends a blocking command over a dedicated connection. */
function block(question: Question, effect: 'block' | 'await-writes'): Action {
  const forMs = blocksForMs(question.request);
  return forMs === 0 ? passOn(question) : overDedicated(question, { effect, blocksForMs: forMs });
}

/** Decides commands about the client's own connection, or that of another client. */
function aboutClients(
  question: Question,
  does: 'here' | 'hello' | 'reset' | 'select' | 'track' | 'unblock',
): Action {
  const { request, client, node } = question;
  const { described } = request;
  if (!hasRightArity(described, request.words.length)) return { kind: 'reply', text: wrongArity(described) };
  switch (does) {
    case 'select':
      return select(question);
    case 'unblock':
      return unblock(question);
    case 'track':
      return track(question);
    case 'hello':
      return client.isDescribed(node) ? answer : waitFor('server', question);
    case 'here':
    case 'reset':
      return answer;
  }
}
