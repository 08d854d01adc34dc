import type { Request } from '../../command/request.ts';
import { badName, isValidName, ok, syntaxError } from '../../command/words.ts';
import { encodeValue, error } from '../../resp/encode.ts';
import type { Asker } from './asker.ts';
import { describeClient, encodeText } from './client-line.ts';

export function answerId(_request: Request, { state }: Asker): string {
  return encodeValue(state.id, state.protocol);
}

export function answerGetName(_request: Request, { state }: Asker): string {
  return encodeValue(state.name || null, state.protocol);
}

export function answerSetName(request: Request, { state }: Asker): string {
  const name = request.text(2);
  if (!isValidName(name)) return badName;
  state.name = name;
  return ok;
}

export function answerSetInfo(request: Request, { state }: Asker): string {
  const attribute = request.keyword(2);
  const value = request.text(3);
  if (attribute !== 'lib-name' && attribute !== 'lib-ver') {
    return error(`ERR Unrecognized option '${request.text(2)}'`);
  }
  if (!isValidName(value)) {
    return error(`ERR ${attribute} cannot contain spaces, newlines or special characters.`);
  }
  if (attribute === 'lib-name') state.library = value;
  else state.libraryVersion = value;
  return ok;
}

export function answerInfo(_request: Request, asker: Asker): string {
  return encodeText(describeClient(asker, asker.services.now()), asker.state.protocol);
}

export function answerNoEvict(request: Request): string {
  return /^(on|off)$/.test(request.keyword(2)) ? ok : syntaxError;
}

/** CLIENT REPLY: SKIP covers itself and the next request, which may be another SKIP. */
export function answerReply(request: Request, { state }: Asker): string {
  switch (request.keyword(2)) {
    case 'on':
      state.hasReplies = true;
      state.skips = 0;
      return ok;
    case 'off':
      state.hasReplies = false;
      return '';
    case 'skip':
      if (state.hasReplies) state.skips = 2;
      return '';
    default:
      return syntaxError;
  }
}
