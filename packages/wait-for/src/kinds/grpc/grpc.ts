import { authorities } from '../../keys/key.ts';
import { readAuthority } from '../authority.ts';
import { kind } from '../kind.ts';
import { probeGrpc } from './probe.ts';

/** A server with the standard health service; `grpcs` is over TLS. */
export const grpc = kind({
  schemes: ['grpc', 'grpcs'],
  form: '//HOST:PORT[/SERVICE]',
  ready: '`grpc.health.v1` says SERVING',
  keys: { ca: authorities() },
  read: ({ scheme, rest }, { ca }) => {
    const isTls = scheme === 'grpcs';
    const authority = readAuthority(rest);
    if (typeof authority === 'string') return authority;
    const { host, port, user, password, path: service, query } = authority;
    if (user !== undefined || password !== undefined) return 'must not contain a user or password';
    if (query !== '') return 'must not contain a query';
    if (ca !== undefined && !isTls) return 'ca is for grpcs:// only';
    return { spec: { isTls, ca, host, port, service } };
  },
  probe: probeGrpc,
  explain: (spec) => ({ places: [spec] }),
});
