import { accessSync, constants, statSync } from 'node:fs';
import {
  bytes,
  type Config,
  durationMs,
  hostPort,
  integer,
  oneOf,
  option,
  type Program,
  Refusal,
  reader,
  readTimerMs,
  serviceOptions,
  systemCode,
} from '@pod-patterns/kit';
import manifest from '../package.json' with { type: 'json' };
import { readDenied } from './command/denied.ts';
import { routeTable } from './command/route-table.ts';
import { readPolicies } from './topology/replication.ts';
import { readSource } from './topology/source.ts';

const upstream = reader(
  'redis://[user:password@]host[:port][/db], rediss:// with ?ca=&cert=&key=&sni=, unix:/path?db=&user=, redis-sentinel://host[:port],…/name, redis-cluster://host[:port],…, or redis-ring://host[:port],…',
  readSource,
);

const readableFile = reader('a readable file', (path) => {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isDirectory() ? new Refusal('is a folder: expected a file') : path;
  } catch (error) {
    return new Refusal(`cannot be read: ${systemCode(error) ?? 'not a path'}`);
  }
});

const denied = reader('COMMAND[|SUB],…', readDenied);

// 0 is undefined here
const timeSpan = reader(
  'a duration above 0 such as 250ms, 2s or 5m',
  (text) => readTimerMs(text) || undefined,
);

const options = {
  listen: option(hostPort, {
    description: 'Address to listen on',
    placeholder: 'HOST:PORT',
    default: '127.0.0.1:6379',
  }),
  upstream: option(upstream, {
    description: 'Upstream Redis URL, including credentials',
    placeholder: 'URL',
    required: true,
    secret: 'url',
  }),
  upstreamPasswordFile: option(readableFile, {
    description: 'File with the upstream password, read again at each login',
    placeholder: 'FILE',
  }),
  clientAuthFile: option(readableFile, {
    description:
      'File with the passwords that clients log in with, one per line: `password` or `user:password`',
    placeholder: 'FILE',
  }),
  connections: option(integer(1, 64), {
    description:
      'Shared connections to each server, per protocol and database in use; by default 2, or 1 if keys are spread over several servers',
    placeholder: 'COUNT',
    deprecatedFlag: 'links',
  }),
  timeout: option(timeSpan, {
    description: 'Time limit for one command, counted from when it was read; then the client gets an error',
    placeholder: 'DURATION',
    default: '5s',
  }),
  failoverHold: option(durationMs, {
    description: 'Time commands wait for a lost upstream to return; then they get errors',
    placeholder: 'DURATION',
    default: '3s',
  }),
  maxClients: option(integer(1, 1_000_000), {
    description:
      "Maximum number of connected clients; by default one per 40 KiB of the container's memory, or 10,000 without a memory limit",
    placeholder: 'COUNT',
  }),
  maxDedicated: option(integer(1, 100_000), {
    description:
      "Maximum number of dedicated upstream connections, one per client, for transactions, blocking commands, subscriptions and large replies; by default one per 320 KiB of the container's memory, or 1,000 without a memory limit",
    placeholder: 'COUNT',
  }),
  maxDatabases: option(integer(1, 1024), {
    description: 'Maximum number of databases in use at once, per protocol',
    placeholder: 'COUNT',
    default: '16',
  }),
  maxInFlight: option(bytes, {
    description:
      "Maximum size of the unanswered requests of one client; by default an eighth of the container's memory beyond 192 MiB, but at least 2 MiB, or 16 MiB without a memory limit",
    placeholder: 'SIZE',
  }),
  maxUnread: option(bytes, {
    description:
      "Maximum size of the unread replies of one client on shared connections; beyond it the client is cut off; by default a quarter of the container's memory beyond 192 MiB, but at least 4 MiB, or 64 MiB without a memory limit",
    placeholder: 'SIZE',
  }),
  maxMemory: option(bytes, {
    description:
      "Maximum memory of all clients together; beyond it the largest client is cut off; by default half of the container's memory beyond 192 MiB, but at least 8 MiB, or 256 MiB without a memory limit",
    placeholder: 'SIZE',
  }),
  readFrom: option(oneOf(...readPolicies), {
    description:
      'Where to send single reads, with Sentinels or a Cluster: to the primary; to a replica if one is fit, else to the primary; to replicas only',
    default: 'primary',
  }),
  maxStaleness: option(timeSpan, {
    description: 'Read only from replicas that heard from their primary within this time',
    placeholder: 'DURATION',
    default: '10s',
  }),
  deny: option(denied, {
    description: 'Commands to refuse, such as `FLUSHALL` or `CONFIG|SET`',
    placeholder: 'COMMAND[|SUB],…',
  }),
  slow: option(durationMs, {
    description: 'Show commands in `/slow` that take longer than this; 0 shows none',
    placeholder: 'DURATION',
    default: '10ms',
  }),
  ...serviceOptions(9103),
};

/** Name, version, options and examples, for `--help` and the README. */
export const program = {
  name: 'redis-ambassador',
  version: manifest.version,
  summary: 'Redis on localhost in front of any Redis',
  options,
  examples: [
    {
      purpose: 'TLS, with a password file that is read again at each login',
      command:
        "redis-ambassador --upstream 'rediss://app@redis.example?ca=/etc/redis/ca.crt' --upstream-password-file redis-password",
    },
    {
      purpose: 'The current primary of `orders` as its Sentinels name it, with reads from replicas',
      command:
        'redis-ambassador --upstream redis-sentinel://sentinel-0:26379,sentinel-1:26379/orders --read-from prefer-replica',
    },
    {
      purpose: 'A Cluster, as a single Redis for the app',
      command: 'redis-ambassador --upstream redis-cluster://redis-cluster.default.svc:6379',
    },
  ],
} satisfies Program;

/** Faults of options that are valid alone but not together. */
export function findFaults({ upstream: { kind }, readFrom }: Config<typeof options>): readonly string[] {
  if (readFrom === 'primary' || kind === 'sentinel' || kind === 'cluster') return [];
  return [`--read-from ${readFrom}: needs Sentinels or a Cluster, which name the replicas`];
}

/** Further tables of the README. */
export const tables = { routes: routeTable };
