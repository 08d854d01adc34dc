import { error } from '../resp/encode.ts';
import { hasRightArity } from '../route/command-table.ts';
import type { Request } from './request.ts';
import type { Session } from './session.ts';

/** MULTI or WATCH: from here on the client has a link of its own. */
export function startTransaction(request: Request, session: Session): boolean {
  const isMulti = request.command.name === 'multi';
  if (!hasRightArity(request.command, request.words.length)) return session.forward(request);
  const dedicated = session.needDedicated();
  if (dedicated === undefined) return false;
  if (typeof dedicated === 'string') {
    session.fail('unavailable', dedicated);
    // what was sent along with MULTI must not run outside of the transaction
    if (isMulti) session.end();
    return true;
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
    return refuse(request, session);
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

/** The rest of the transaction must not be done without this command, so there is no going on. */
function refuse({ described }: Request, session: Session): boolean {
  if (!session.isQuiet()) return false;
  session.fail(
    'refused',
    error(`ERR redis-ambassador: ${described.name} is not possible within a transaction`),
  );
  session.end();
  return true;
}
