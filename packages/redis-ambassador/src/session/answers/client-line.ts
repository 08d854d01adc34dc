import type { Session } from '../session.ts';

/** Its type as in `CLIENT LIST TYPE`. */
export function typeOf({ dedicated }: Session): 'normal' | 'pubsub' {
  return dedicated?.isSubscribed ? 'pubsub' : 'normal';
}

/** A client as a line of CLIENT LIST: the fields of Redis 7.0 in its order; 0 for what has no meaning here. */
export function describeClient(session: Session): string {
  const { state, dedicated, services } = session;
  const now = services.now();
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
    flags: flagsOf(session),
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
    'tot-mem': session.heldBytes,
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

function flagsOf({ dedicated }: Session): string {
  if (dedicated === undefined) return 'N';
  const flags = [
    dedicated.isMonitoring ? 'O' : '',
    dedicated.isSubscribed ? 'P' : '',
    dedicated.isInTransaction ? 'x' : '',
    dedicated.isBlocking ? 'b' : '',
  ].join('');
  return flags === '' ? 'N' : flags;
}
