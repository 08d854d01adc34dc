import { filePath, optional } from '../keys.ts';
import { loginSecrets, type Place, readAuthority } from '../place.ts';
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

/** PostgreSQL, or a pooler that speaks like it. */
export type PostgresSpec = ServerSpec<'postgres'>;
/** MySQL or MariaDB. */
export type MysqlSpec = ServerSpec<'mysql'>;
/** A broker of AMQP 0-9-1, such as RabbitMQ. */
export type AmqpSpec = ServerSpec<'amqp'>;
/** MongoDB. */
export type MongodbSpec = ServerSpec<'mongodb'>;
/** A broker of Kafka. */
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
        secrets: loginSecrets(authority),
      };
    },
  });
}

/** `postgres://HOST:PORT/DATABASE`. */
export const postgres = serverScheme({ name: 'postgres', type: 'postgres', port: 5432 });
/** `postgresql://`: the same. */
export const postgresql = serverScheme({ name: 'postgresql', type: 'postgres', port: 5432 });
/** `mysql://HOST:PORT`. */
export const mysql = serverScheme({ name: 'mysql', type: 'mysql', port: 3306 });
/** `amqp://HOST:PORT`. */
export const amqp = serverScheme({ name: 'amqp', type: 'amqp', port: 5672 });
/** `amqps://`: over TLS. */
export const amqps = serverScheme({ name: 'amqps', type: 'amqp', port: 5671, isTls: true });
/** `mongodb://HOST:PORT`. */
export const mongodb = serverScheme({ name: 'mongodb', type: 'mongodb', port: 27_017 });
/** `kafka://HOST:PORT`. */
export const kafka = serverScheme({ name: 'kafka', type: 'kafka', port: 9092 });
