import { error } from '../resp/encode.ts';
import { hasRightArity } from '../route/command-table.ts';
import { ok } from './answers/words.ts';
import type { Request } from './request.ts';
import type { Session } from './session.ts';

/** MULTI or WATCH: from here on the client has a link of its own. */
export function startTransaction(request: Request, session: Session): boolean {
  const isMulti = request.command.name === 'multi';
  if (!hasRightArity(request.command, request.words.length)) return session.forward(request);
  const dedicated = session.needDedicated();
  if (dedicated === undefined) return false;
  if (typeof dedicated === 'string') {
    // what follows must not run outside of the transaction
    if (isMulti) session.brokenTransaction = dedicated;
    return session.fail('unavailable', dedicated);
  }
  session.forwardAlone(request);
  if (isMulti) dedicated.isInTransaction = true;
  else dedicated.isWatching = true;
  return true;
}

/** Commands that Redis would run within EXEC, where their effect on the connection could not be followed. */
const impossible = new Set(['auth', 'hello', 'monitor', 'client|reply', 'client|tracking']);

/** A command between MULTI and EXEC: Redis keeps it, and the client's own link is kept as well. */
export function dispatchInTransaction(request: Request, session: Session): boolean {
  const { dedicated } = session;
  if (dedicated === undefined) return false;
  const { command, described } = request;
  if (impossible.has(described.name) || command.route === 'subscription' || command.route === 'refused') {
    return breakTransaction(request, session);
  }
  session.forwardAlone(request);
  const isWell = hasRightArity(command, request.words.length);
  if (isWell && (command.name === 'exec' || command.name === 'discard')) {
    dedicated.isInTransaction = false;
    dedicated.isWatching = false;
  } else if (command.name === 'select' || command.name === 'client' || command.route === 'pinned') {
    dedicated.isPinned = true;
  }
  return true;
}

function breakTransaction(request: Request, session: Session): boolean {
  if (!session.isQuiet()) return false;
  const text = error(`ERR redis-ambassador: ${request.described.name} is not possible within a transaction`);
  session.dropDedicated();
  session.brokenTransaction = text;
  return session.fail('refused', text);
}

const aborted = error('EXECABORT Transaction discarded because of previous errors.');

/** A command of a transaction that has lost its link or got none: nothing of it is done. */
export function endBrokenTransaction(request: Request, session: Session): boolean {
  if (!session.isQuiet()) return false;
  const { name } = request.command;
  const text = session.brokenTransaction ?? '';
  if (name !== 'exec' && name !== 'discard') return session.fail('unavailable', text);
  session.brokenTransaction = undefined;
  return session.answer(name === 'exec' ? aborted : ok);
}
