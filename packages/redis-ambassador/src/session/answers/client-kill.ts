import { encodeValue, error } from '../../resp/encode.ts';
import type { Request } from '../request.ts';
import type { Session } from '../session.ts';
import { typeOf } from './client-line.ts';
import { ok, readNumber, syntaxError } from './words.ts';

type Filter = (client: Session) => boolean;

/** CLIENT KILL in both of its forms. */
export function answerKill(request: Request, session: Session): boolean {
  const { clients } = session.services;
  if (request.words.length === 3) {
    const victim = [...clients].find(({ state }) => state.address === request.text(2));
    if (victim === undefined) return session.answer(error('ERR No such client'));
    session.answer(ok);
    kill(victim, session);
    return true;
  }
  const filters = readFilters(request, session);
  if (typeof filters === 'string') return session.answer(filters);
  const victims = [...clients].filter((client) => filters.every((matches) => matches(client)));
  session.answer(encodeValue(victims.length, session.state.protocol));
  for (const victim of victims) kill(victim, session);
  return true;
}

/** Who kills itself gets its answer first. */
function kill(victim: Session, by: Session): void {
  if (victim === by) victim.end();
  else victim.cut('killed');
}

function readFilters(request: Request, session: Session): Filter[] | string {
  const filters: Filter[] = [];
  let isSparingMe = true;
  const count = request.words.length;
  if (count % 2 !== 0) return syntaxError;
  for (let at = 2; at < count; at += 2) {
    const option = request.keyword(at);
    if (option === 'skipme') {
      const answer = request.keyword(at + 1);
      if (answer !== 'yes' && answer !== 'no') return syntaxError;
      isSparingMe = answer === 'yes';
      continue;
    }
    const filter = readFilter(option, request.text(at + 1), session);
    if (typeof filter === 'string') return filter;
    filters.push(filter);
  }
  if (isSparingMe) filters.push((client) => client !== session);
  return filters;
}

const types = new Set(['normal', 'master', 'replica', 'slave', 'pubsub']);

function readFilter(option: string, value: string, { services }: Session): Filter | string {
  switch (option) {
    case 'id': {
      const id = readNumber(value);
      if (!(id > 0)) return error('ERR client-id should be greater than 0');
      return ({ state }) => state.id === id;
    }
    case 'type':
      if (!types.has(value.toLowerCase())) return error(`ERR Unknown client type '${value}'`);
      return (client) => typeOf(client) === value.toLowerCase();
    case 'addr':
      return ({ state }) => state.address === value;
    case 'laddr':
      return ({ state }) => state.localAddress === value;
    case 'user':
      if (![...services.clients].some(({ state }) => state.user === value)) {
        return error(`ERR No such user '${value}'`);
      }
      return ({ state }) => state.user === value;
    default:
      return syntaxError;
  }
}
