import type { Request } from '../../command/request.ts';
import { ok, readNumber, syntaxError } from '../../command/words.ts';
import { encodeValue, error } from '../../resp/encode.ts';
import type { Client } from '../client.ts';
import type { Asker } from './asker.ts';
import { typeOf, types } from './client-line.ts';

type Filter = (client: Client) => boolean;

/** CLIENT KILL in both of its forms. */
export function answerKill(request: Request, asker: Asker): string {
  const { clients } = asker.services;
  if (request.words.length === 3) {
    const victim = [...clients].find(({ state }) => state.address === request.text(2));
    if (victim === undefined) return error('ERR No such client');
    kill(victim, asker);
    return ok;
  }
  const filters = readFilters(request, asker);
  if (typeof filters === 'string') return filters;
  const victims = [...clients].filter((client) => filters.every((matches) => matches(client)));
  for (const victim of victims) kill(victim, asker);
  return encodeValue(victims.length, asker.state.protocol);
}

/** A client that kills itself gets its answer first. */
function kill(victim: Client, asker: Asker): void {
  if (victim === asker) asker.leave();
  else victim.cut('killed');
}

function readFilters(request: Request, asker: Asker): Filter[] | string {
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
    const filter = readFilter(option, request.text(at + 1), asker);
    if (typeof filter === 'string') return filter;
    filters.push(filter);
  }
  if (isSparingMe) filters.push((client) => client !== asker);
  return filters;
}

function readFilter(option: string, value: string, { services }: Asker): Filter | string {
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
