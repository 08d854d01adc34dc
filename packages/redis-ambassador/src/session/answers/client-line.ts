import { encodeValue } from '../../resp/encode.ts';
import type { Protocol } from '../../resp/value.ts';
import type { Client } from '../client.ts';

/** Types of clients in CLIENT LIST and CLIENT KILL. */
export const types: ReadonlySet<string> = new Set(['normal', 'master', 'replica', 'slave', 'pubsub']);

/** Returns the type of a client, as in `CLIENT LIST TYPE`. */
export function typeOf({ dedicated }: Client): 'normal' | 'pubsub' {
  return dedicated?.isSubscribed ? 'pubsub' : 'normal';
}

/** Formats a client as a line of CLIENT LIST: the fields of Redis 7.0 in its order; 0 for fields without a meaning here. */
export function describeClient(client: Client, now: number): string {
  const { state, dedicated, heldBytes } = client;
  const { channel = 0, pattern = 0, shard = 0 } = dedicated?.subscriptions ?? {};
  const seconds = (since: number) => Math.floor((now - since) / 1000);
  const fields = {
    id: state.id,
    addr: state.address,
    laddr: state.localAddress,
    fd: 0,
    name: state.name,
    age: seconds(state.connectedAt),
    idle: seconds(state.lastActiveAt),
    flags: flagsOf(client),
    db: state.db,
    sub: channel,
    psub: pattern,
    ssub: shard,
    multi: dedicated?.isInTransaction ? 0 : -1,
    qbuf: 0,
    'qbuf-free': 0,
    'argv-mem': 0,
    'multi-mem': 0,
    rbs: 0,
    rbp: 0,
    obl: 0,
    oll: 0,
    omem: 0,
    'tot-mem': heldBytes,
    events: 'r',
    cmd: state.lastCommand?.name ?? 'NULL',
    user: state.user,
    redir: -1,
    resp: state.protocol,
    'lib-name': state.library,
    'lib-ver': state.libraryVersion,
  };
  return `${Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')}\n`;
}

function flagsOf({ dedicated }: Client): string {
  if (dedicated === undefined) return 'N';
  const flags = [
    dedicated.isMonitoring ? 'O' : '',
    dedicated.isSubscribed ? 'P' : '',
    dedicated.isInTransaction ? 'x' : '',
    dedicated.isBlocking ? 'b' : '',
  ].join('');
  return flags === '' ? 'N' : flags;
}

/** Encodes a longer text: a verbatim string in RESP3, as in Redis. */
export function encodeText(text: string, protocol: Protocol): string {
  return protocol === 2 ? encodeValue(text, 2) : `=${text.length + 4}\r\ntxt:${text}\r\n`;
}
