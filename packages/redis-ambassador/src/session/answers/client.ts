import { encodeRequest, encodeValue, error } from '../../resp/encode.ts';
import { pin } from '../dispatch.ts';
import { Request } from '../request.ts';
import type { Session } from '../session.ts';
import { answerKill } from './client-kill.ts';
import { describeClient, typeOf } from './client-line.ts';
import { badName, isValidName, notAnInteger, ok, readNumber, syntaxError, wrongArity } from './words.ts';

/** CLIENT: about the clients of the ambassador, by the ids it gave them. What it does not know Redis answers. */
export function answerClient(request: Request, session: Session): boolean {
  const { state } = session;
  switch (request.keyword(1)) {
    case 'id':
      return session.answer(encodeValue(state.id, state.protocol));
    case 'getname':
      return session.answer(encodeValue(state.name || null, state.protocol));
    case 'setname':
      return session.answer(setName(request, session));
    case 'setinfo':
      return session.answer(setInfo(request, session));
    case 'info':
      return session.answer(encodeText(describeClient(session), session));
    case 'list':
      return session.answer(list(request, session));
    case 'kill':
      return answerKill(request, session);
    case 'unblock':
      return unblock(request, session);
    case 'reply':
      return setReplies(request, session);
    case 'no-evict':
      return session.answer(/^(on|off)$/.test(request.keyword(2)) ? ok : syntaxError);
    case 'no-touch':
    case 'tracking':
      return track(request, session);
    default:
      return session.dedicated === undefined ? session.forward(request) : session.forwardAlone(request);
  }
}

function setName(request: Request, { state }: Session): string {
  const name = request.text(2);
  if (!isValidName(name)) return badName;
  state.name = name;
  return ok;
}

function setInfo(request: Request, { state }: Session): string {
  if (request.words.length !== 4) return wrongArity({ name: 'client|setinfo' });
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

const types = ['normal', 'master', 'replica', 'slave', 'pubsub'];

function list(request: Request, session: Session): string {
  const { clients } = session.services;
  const count = request.words.length;
  const option = request.keyword(2);
  let listed = [...clients];
  if (option === 'type' && count === 4) {
    const type = request.keyword(3);
    if (!types.includes(type)) return error(`ERR Unknown client type '${request.text(3)}'`);
    listed = listed.filter((client) => typeOf(client) === type);
  } else if (option === 'id' && count > 3) {
    const ids = request.words.slice(3).map((word) => readNumber(word.toString('latin1')));
    if (ids.some(Number.isNaN)) return error('ERR Invalid client ID');
    listed = ids.flatMap((id) => clients.get(id) ?? []);
  } else if (count > 2) return syntaxError;
  return encodeText(listed.map(describeClient).join(''), session);
}

function unblock(request: Request, session: Session): boolean {
  const id = readNumber(request.text(2));
  const how = request.keyword(3);
  if (request.words.length > 4) return session.answer(wrongArity({ name: 'client|unblock' }));
  if (how !== '' && how !== 'timeout' && how !== 'error') {
    return session.answer(error('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR'));
  }
  if (Number.isNaN(id)) return session.answer(notAnInteger);
  const blocked = session.services.clients.get(id)?.dedicated;
  if (!blocked?.isBlocking) return session.answer(encodeValue(0, session.state.protocol));
  // Redis knows the client by the link of its own
  const bytes = encodeRequest(['CLIENT', 'UNBLOCK', String(blocked.link.remoteId), how || 'timeout']);
  return session.forward(
    new Request(request.command, request.subcommand, { bytes, start: 0, end: bytes.length }),
  );
}

function setReplies(request: Request, session: Session): boolean {
  const { state } = session;
  switch (request.keyword(2)) {
    case 'on':
      state.replies = 'on';
      return session.answer(ok);
    case 'off':
      state.replies = 'off';
      return true;
    case 'skip':
      if (state.replies === 'on') state.replies = 'skip';
      return true;
    default:
      return session.answer(syntaxError);
  }
}

/** Redis keeps track for a connection, so the client needs one of its own; ids are the ambassador's here. */
function track(request: Request, session: Session): boolean {
  const at = request.words.findIndex((word) => word.toString('latin1').toLowerCase() === 'redirect');
  if (at < 0) return pin(request, session);
  const target = session.services.clients.get(readNumber(request.text(at + 1)))?.dedicated;
  if (target === undefined) {
    return session.answer(error('ERR The client ID you want redirect to does not exist'));
  }
  const words = request.words.with(at + 1, Buffer.from(String(target.link.remoteId)));
  const bytes = encodeRequest(words);
  return pin(
    new Request(request.command, request.subcommand, { bytes, start: 0, end: bytes.length }),
    session,
  );
}

/** A longer text: in RESP3 Redis says that it is plain text. */
function encodeText(text: string, { state }: Session): string {
  return state.protocol === 2 ? encodeValue(text, 2) : `=${text.length + 4}\r\ntxt:${text}\r\n`;
}
