import type { Request } from '../../command/request.ts';
import { badName, isValidName, readNumber } from '../../command/words.ts';
import { encodeValue, error } from '../../resp/encode.ts';
import type { Protocol, Value } from '../../resp/value.ts';
import { unknownServer } from '../../upstream/login.ts';
import type { Access } from '../access.ts';
import type { ClientState } from '../client-state.ts';
import type { Asker } from './asker.ts';
import { logIn } from './auth.ts';

const badProtocol = error('NOPROTO unsupported protocol version');
const notANumber = error('ERR Protocol version is not an integer or out of range');
const loginFirst = error(
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
);

/** HELLO [protocol [AUTH user password] [SETNAME name]]: describes the upstream, with the client's id here. */
export function answerHello(request: Request, { state: client, services, dedicated }: Asker): string {
  const { access, nodes } = services;
  const server = nodes.primary.described ?? unknownServer;
  const protocol = readProtocol(request, client.protocol);
  if (typeof protocol === 'string') return protocol;
  if (protocol === 3 && !server.hasResp3) return badProtocol;
  const refusal = takeOptions(request, client, access);
  if (refusal !== undefined) return refusal;
  if (!client.isLoggedIn) return loginFirst;
  // a dedicated link must use the client's protocol; its own answer is not passed on
  if (client.protocol !== protocol) dedicated?.link.request(['HELLO', String(protocol)]).catch(() => {});
  client.protocol = protocol;
  const fields = new Map<Value, Value>([
    ['server', 'redis'],
    ['version', server.version],
    ['proto', protocol],
    ['id', client.id],
    // clients see several servers as one Redis
    ['mode', nodes.topology.placement === undefined ? server.mode : unknownServer.mode],
    ['role', server.role],
    ['modules', server.modules],
  ]);
  return encodeValue(fields, protocol);
}

function readProtocol(request: Request, current: Protocol): Protocol | string {
  if (request.words.length === 1) return current;
  const version = readNumber(request.text(1));
  if (Number.isNaN(version)) return notANumber;
  return version === 2 || version === 3 ? version : badProtocol;
}

/** Applies the options one after another, as Redis 7.0 does; returns the first error. */
function takeOptions(request: Request, client: ClientState, access: Access): string | undefined {
  const count = request.words.length;
  for (let at = 2; at < count; at++) {
    const option = request.keyword(at);
    if (option === 'auth' && at + 2 < count) {
      const login = { user: request.text(at + 1), password: request.text(at + 2) };
      const refusal = logIn(client, access, login);
      if (refusal !== undefined) return refusal;
      at += 2;
    } else if (option === 'setname' && at + 1 < count) {
      const name = request.text(++at);
      if (!isValidName(name)) return badName;
      client.name = name;
    } else return error(`ERR Syntax error in HELLO option '${request.text(at)}'`);
  }
  return undefined;
}
