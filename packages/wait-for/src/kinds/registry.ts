import { amqp } from './amqp/amqp.ts';
import { dns } from './dns/dns.ts';
import { file } from './file/file.ts';
import { grpc } from './grpc/grpc.ts';
import { http } from './http/http.ts';
import { k8s } from './k8s/k8s.ts';
import { kafka } from './kafka/kafka.ts';
import type { Kind } from './kind.ts';
import { mongodb } from './mongodb/mongodb.ts';
import { mysql } from './mysql/mysql.ts';
import { postgres } from './postgres/postgres.ts';
import { redis } from './redis/redis.ts';
import { tcp } from './tcp/tcp.ts';
import { tls } from './tls/tls.ts';
import { unix } from './unix/unix.ts';

/** Every kind of target, in the order of `--help`. Probes import the modules of Node that only some need (TLS, HTTP, DNS). */
export const kinds: readonly Kind[] = [
  tcp,
  unix,
  tls,
  http,
  dns,
  file,
  redis,
  postgres,
  mysql,
  amqp,
  mongodb,
  kafka,
  grpc,
  k8s,
];

/** The kind of each way to begin a target. */
export const kindOf: ReadonlyMap<string, Kind> = new Map(
  kinds.flatMap((kind) => kind.schemes.map((scheme) => [scheme, kind] as const)),
);
