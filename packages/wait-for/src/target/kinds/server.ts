import { filePath, optional } from '../keys.ts';
import { loginSecrets, type Place, readAuthority, showAuthority } from '../place.ts';
import { type Scheme, scheme } from '../scheme.ts';
import type { Spec } from '../target.ts';

/** A server whose own handshake says whether it takes connections. */
export interface ServerSpec<Type extends string> extends Place {
  readonly type: Type;
  readonly isTls: boolean;
  readonly ca: string | undefined;
  /** For the handshake; a password is never sent. */
  readonly user: string | undefined;
  readonly database: string;
}

export type PostgresSpec = ServerSpec<'postgres'>;
export type MysqlSpec = ServerSpec<'mysql'>;
export type AmqpSpec = ServerSpec<'amqp'>;
export type MongodbSpec = ServerSpec<'mongodb'>;
export type KafkaSpec = ServerSpec<'kafka'>;

interface ServerKind {
  readonly name: string;
  readonly type: 'postgres' | 'mysql' | 'amqp' | 'mongodb' | 'kafka';
  readonly port: number;
  readonly isTls?: boolean;
}

function serverScheme({ name, type, port: defaultPort, isTls = false }: ServerKind): Scheme {
  return scheme({
    form: `${name}://[USER:PASSWORD@]HOST:PORT[/NAME]`,
    keys: { ca: optional(filePath) },
    // the URL is often the one of the application; its query is for the application's driver
    read: (rest, { ca }) => {
      if (!rest.startsWith('//')) return 'expected // and HOST:PORT';
      const authority = readAuthority(rest.slice(2), defaultPort);
      if (typeof authority === 'string') return authority;
      if (ca !== undefined && !isTls) return 'ca is for amqps:// only';
      const { host, port, user, path: database } = authority;
      return {
        // the type of a spec is that of its scheme
        spec: { type, isTls, ca, host, port, user, database } as Spec,
        shown: showAuthority(name, authority),
        secrets: loginSecrets(authority),
      };
    },
  });
}

export const postgres = serverScheme({ name: 'postgres', type: 'postgres', port: 5432 });
export const postgresql = serverScheme({ name: 'postgresql', type: 'postgres', port: 5432 });
export const mysql = serverScheme({ name: 'mysql', type: 'mysql', port: 3306 });
export const amqp = serverScheme({ name: 'amqp', type: 'amqp', port: 5672 });
export const amqps = serverScheme({ name: 'amqps', type: 'amqp', port: 5671, isTls: true });
export const mongodb = serverScheme({ name: 'mongodb', type: 'mongodb', port: 27_017 });
export const kafka = serverScheme({ name: 'kafka', type: 'kafka', port: 9092 });
