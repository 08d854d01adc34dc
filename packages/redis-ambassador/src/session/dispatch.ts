import { error } from '../resp/encode.ts';
import { hasRightArity } from '../route/command-table.ts';
import { LinkSet } from '../upstream/link-set.ts';
import { answerAuth } from './answers/auth.ts';
import { answerClient } from './answers/client.ts';
import { answerHello } from './answers/hello.ts';
import { notAnInteger, notLoggedIn, ok, readNumber, wrongArity } from './answers/words.ts';
import { blocksForMs } from './blocking.ts';
import type { Dedicated } from './dedicated.ts';
import type { Request } from './request.ts';
import type { Session } from './session.ts';
import { isListening, passToListener, startMonitor, subscribe } from './subscription.ts';
import { dispatchInTransaction, startTransaction } from './transaction.ts';

/** What a client may ask for that has not logged in. */
const beforeLogin = new Set(['auth', 'hello', 'quit', 'reset']);

/**
 * Decides about one request that needs more than being passed on. False: it has to wait for something, and is
 * offered again; then nothing has been done about it.
 */
export function dispatch(request: Request, session: Session): boolean {
  const { command } = request;
  if (command.route === 'intruder') {
    session.cut('intruder');
    return true;
  }
  if (command.name === 'quit') return quit(session);
  if (command.name === 'reset' && request.words.length === 1) return reset(session);
  if (!session.state.isLoggedIn && !beforeLogin.has(command.name)) {
    return session.isQuiet() && session.fail('auth', notLoggedIn);
  }
  if (isListening(session)) return passToListener(request, session);
  if (session.dedicated?.isInTransaction) return dispatchInTransaction(request, session);
  return dispatchOrdinary(request, session);
}

function dispatchOrdinary(request: Request, session: Session): boolean {
  const { command, subcommand } = request;
  const route = command.route === 'parent' ? (subcommand?.route ?? 'shared') : command.route;
  if (route === 'shared') return passOn(request, session);
  if (!session.isQuiet()) return false;
  switch (route) {
    case 'local':
      return answerLocally(request, session);
    case 'refused':
      return session.fail(
        'refused',
        error(`ERR redis-ambassador: ${request.described.name} is not possible here`),
      );
    case 'transaction':
      return startTransaction(request, session);
    case 'subscription':
      return subscribe(request, session);
    case 'monitor':
      return startMonitor(request, session);
    case 'blocking':
      return block(request, session);
    case 'pinned':
      return pin(request, session);
    default:
      return session.forwardAlone(request);
  }
}

/** Over the client's own link while it has one, else over a shared one. */
function passOn(request: Request, session: Session): boolean {
  if (session.dedicated === undefined) return session.forward(request);
  // what comes next may be a confirmation, which must not be taken for a reply
  if (session.dedicated.isExpecting && !session.isQuiet()) return false;
  return session.forwardAlone(request);
}

function block(request: Request, session: Session): boolean {
  const forMs = blocksForMs(request);
  if (forMs === 0) return passOn(request, session);
  const dedicated = session.needDedicated();
  if (dedicated === undefined) return false;
  if (typeof dedicated === 'string') return session.fail('unavailable', dedicated);
  if (request.command.name.startsWith('wait')) rememberWrites(dedicated);
  dedicated.isBlocking = true;
  return session.forwardAlone(request, forMs + session.services.limits.timeoutMs);
}

/**
 * WAIT and WAITAOF are about what their own connection has written, and this one has written nothing. A command
 * that is replicated and changes nothing makes that all that was written so far, by anyone. (Up to Redis 7.0
 * any command would do.)
 */
function rememberWrites({ link }: Dedicated): void {
  link.request(['PUBLISH', 'redis-ambassador', '']).catch(() => {});
}

/** Passes on what changes the connection for good: the client keeps a link of its own. */
export function pin(request: Request, session: Session): boolean {
  if (!session.forwardAlone(request)) return false;
  if (session.dedicated !== undefined) session.dedicated.isPinned = true;
  return true;
}

function answerLocally(request: Request, session: Session): boolean {
  const { command, described } = request;
  if (!hasRightArity(described, request.words.length)) return session.answer(wrongArity(described));
  switch (command.name) {
    case 'auth':
      return session.answer(answerAuth(request, session.state, session.services.access));
    case 'hello':
      return hello(request, session);
    case 'select':
      return select(request, session);
    default:
      return answerClient(request, session);
  }
}

function hello(request: Request, session: Session): boolean {
  const { upstream, access } = session.services;
  const server = upstream.described;
  if (server === undefined) return session.waitFor('link', (resume) => upstream.waitForDescription(resume));
  const before = session.state.protocol;
  const answer = answerHello(request, session.state, { access, server });
  // a link of the client's own has to speak as the client does; its answer is not the client's business
  if (session.state.protocol !== before)
    session.dedicated?.link.request(['HELLO', String(session.state.protocol)]).catch(() => {});
  return session.answer(answer);
}

function select(request: Request, session: Session): boolean {
  const db = readNumber(request.text(1));
  if (Number.isNaN(db)) return session.answer(notAnInteger);
  if (db < 0 || db > 0x7fff_ffff) return session.answer(error('ERR DB index is out of range'));
  if (session.dedicated !== undefined) return selectAlone(request, session);
  const verdict = session.sender.useDb(db);
  if (verdict === 'ok') return session.answer(ok);
  if (verdict instanceof LinkSet) return session.waitFor('link', (resume) => verdict.wait(resume));
  return session.answer(verdict.error);
}

/** On a link of the client's own Redis is asked itself; the link may then no longer be lent to others. */
function selectAlone(request: Request, session: Session): boolean {
  session.state.db = readNumber(request.text(1));
  return pin(request, session);
}

/** Closes after the answer, which comes after all answers before. */
function quit(session: Session): boolean {
  if (session.dedicated?.isExpecting !== true && !session.isQuiet()) return false;
  session.answer(ok);
  session.end();
  return true;
}

/** Makes the connection as it was at its start. */
function reset(session: Session): boolean {
  if (!session.isQuiet()) return false;
  session.dropDedicated();
  const { state, services } = session;
  state.protocol = 2;
  state.db = services.upstream.endpoint.db;
  state.name = '';
  state.user = 'default';
  state.isLoggedIn = services.access.isOpen;
  state.replies = 'on';
  return session.answer('+RESET\r\n');
}
