import { oneOf } from '@pod-patterns/kit';
import { authorities, list, optional, someText } from '../../keys/key.ts';
import { loginSecrets, readAuthority } from '../authority.ts';
import { kind } from '../kind.ts';
import { probeRedis } from './probe.ts';

/** A Redis that must answer, accept the login, and have the role and keys; `rediss` uses TLS. */
export const redis = kind({
  schemes: ['redis', 'rediss'],
  form: '//[USER:PASSWORD@]HOST:PORT[/DB]',
  ready: 'it answers PING with PONG',
  keys: {
    role: optional(oneOf('master', 'replica')),
    key: list(someText, { hint: 'KEY', note: 'must exist' }),
    ca: authorities(),
  },
  read: ({ scheme, rest }, { role, key, ca }) => {
    const isTls = scheme === 'rediss';
    const authority = readAuthority(rest, 6379);
    if (typeof authority === 'string') return authority;
    const { host, port, user, password, path, query } = authority;
    if (user !== undefined && password === undefined) return 'expected USER:PASSWORD or :PASSWORD before @';
    if (!/^\d{0,4}$/.test(path)) return 'the path is not a database number';
    if (query !== '') return 'must not contain a query';
    if (ca !== undefined && !isTls) return 'ca is for rediss:// only';
    const database = Number(path);
    return {
      spec: { isTls, host, port, user, password, database, role, keys: key, ca },
      secrets: loginSecrets(authority),
    };
  },
  probe: probeRedis,
  explain: (spec) => ({ places: [spec] }),
});
