import type { Request } from '../../command/request.ts';
import { readNumber, syntaxError } from '../../command/words.ts';
import { error } from '../../resp/encode.ts';
import type { Asker } from './asker.ts';
import { describeClient, encodeText, typeOf, types } from './client-line.ts';

/** CLIENT LIST: lists the clients of the ambassador, with its own ids. */
export function answerList(request: Request, { services, state }: Asker): string {
  const { clients, now } = services;
  const count = request.words.length;
  const option = request.keyword(2);
  let listed = [...clients];
  if (option === 'type' && count === 4) {
    const type = request.keyword(3);
    if (!types.has(type)) return error(`ERR Unknown client type '${request.text(3)}'`);
    listed = listed.filter((client) => typeOf(client) === type);
  } else if (option === 'id' && count > 3) {
    const ids = request.words.slice(3).map((word) => readNumber(word.toString('latin1')));
    if (ids.some(Number.isNaN)) return error('ERR Invalid client ID');
    listed = ids.flatMap((id) => clients.get(id) ?? []);
  } else if (count > 2) return syntaxError;
  return encodeText(listed.map((client) => describeClient(client, now())).join(''), state.protocol);
}
