import { hasRightArity } from '../command/command.ts';
import type { Request } from '../command/request.ts';
import { error } from '../resp/encode.ts';
import type { Action, Effect } from './action.ts';
import type { Question } from './question.ts';
import { overDedicated, overShared, refuse, whenAnswered } from './ways.ts';

/** Starts MULTI or WATCH: from here on the client has a dedicated connection. */
export function startTransaction(question: Question, effect: 'multi' | 'watch'): Action {
  const { command, words } = question.request;
  if (!hasRightArity(command, words.length)) return overShared(question);
  const action = overDedicated(question, { effect });
  // requests sent along with MULTI must not run outside the transaction
  return action.kind === 'refuse' ? { ...action, isLast: effect === 'multi' } : action;
}

/** Decides a command between MULTI and EXEC: Redis queues it, so the connection is kept. */
export function inTransaction(question: Question): Action {
  const { inMulti, name } = question.request.described;
  if (inMulti !== 'refuse') return overDedicated(question, { effect: effectOf(question.request) });
  // the rest of the transaction must not run without this command
  const text = error(`ERR redis-ambassador: ${name} is not allowed inside MULTI`);
  return whenAnswered(question, { ...refuse('refused', text), isLast: true });
}

function effectOf({ described, words }: Request): Effect {
  if (described.inMulti === 'pin' || described.inMulti === 'learn') return described.inMulti;
  return described.inMulti === 'end' && hasRightArity(described, words.length) ? 'end-multi' : 'none';
}
