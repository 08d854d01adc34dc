import { filePath, list, oneWordOf, optional, someText } from '../keys.ts';
import { loginSecrets, type Place, readAuthority } from '../place.ts';
import { type Scheme, scheme } from '../scheme.ts';

/** A Redis that must answer, log us in, and be as wanted. */
export interface RedisSpec extends Place {
  readonly type: 'redis';
  readonly isTls: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  readonly role: 'master' | 'replica' | undefined;
  /** Keys that must exist. */
  readonly keys: readonly string[];
  /** File with the authorities to trust. */
  readonly ca: string | undefined;
}

function redisScheme(name: 'redis' | 'rediss'): Scheme {
  const isTls = name === 'rediss';
  return scheme({
    form: `${name}://[USER:PASSWORD@]HOST:PORT[/DB]`,
    keys: { role: optional(oneWordOf('master', 'replica')), key: list(someText), ca: optional(filePath) },
    read: (rest, { role, key, ca }) => {
      if (!rest.startsWith('//')) return 'expected // and HOST:PORT';
      const authority = readAuthority(rest.slice(2), 6379);
      if (typeof authority === 'string') return authority;
      const { host, port, user, password, path, query } = authority;
      if (user !== undefined && password === undefined) return 'expected USER:PASSWORD or :PASSWORD before @';
      if (!/^\d{0,4}$/.test(path)) return 'the path is not the number of a database';
      if (query !== '') return 'takes no query';
      if (ca !== undefined && !isTls) return 'ca is for rediss:// only';
      const database = Number(path);
      return {
        spec: { type: 'redis', isTls, host, port, user, password, database, role, keys: key, ca },
        secrets: loginSecrets(authority),
      };
    },
  });
}

/** `redis://HOST:PORT/DB`. */
export const redis = redisScheme('redis');
/** `rediss://`: over TLS. */
export const rediss = redisScheme('rediss');
