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

const readableFile = reader('a file that can be read', (path) => {
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
    description: 'File with the password for the upstream, read again at each login',
    placeholder: 'FILE',
  }),
  clientAuthFile: option(readableFile, {
    description: 'File with the passwords that clients need, a line each: `password` or `user:password`',
    placeholder: 'FILE',
  }),
  connections: option(integer(1, 64), {
    description:
      'Shared connections to each server for each protocol and database in use; without it 2, or 1 where keys lie on several servers',
    placeholder: 'COUNT',
    // its name so far
    alias: 'links',
  }),
  timeout: option(timeSpan, {
    description: 'How long one command may take, from when it was read, before the client gets an error',
    placeholder: 'DURATION',
    default: '5s',
  }),
  failoverHold: option(durationMs, {
    description: 'How long commands wait for an upstream that has just been lost, before they get errors',
    placeholder: 'DURATION',
    default: '3s',
  }),
  maxClients: option(integer(1, 1_000_000), {
    description:
      "Clients that may be connected at once; without it one for each 40 KiB of the container's memory, or 10,000 where that has no limit",
    placeholder: 'COUNT',
  }),
  maxDedicated: option(integer(1, 100_000), {
    description:
      "Upstream connections for transactions, blocking commands, subscriptions and large replies, one a client; without it one for each 320 KiB of the container's memory, or 1,000 where that has no limit",
    placeholder: 'COUNT',
  }),
  maxDatabases: option(integer(1, 1024), {
    description: 'Databases that may be in use at once, for each protocol',
    placeholder: 'COUNT',
    default: '16',
  }),
  maxInFlight: option(bytes, {
    description:
      "Requests of one client that may wait for their replies; without it an eighth of the container's memory beyond 192 MiB, but at least 2 MiB, or 16 MiB where that has no limit",
    placeholder: 'SIZE',
  }),
  maxUnread: option(bytes, {
    description:
      "Replies over shared connections that one client may leave unread before it is cut off; without it a quarter of the container's memory beyond 192 MiB, but at least 4 MiB, or 64 MiB where that has no limit",
    placeholder: 'SIZE',
  }),
  maxMemory: option(bytes, {
    description:
      "What all clients together may hold before the largest is cut off; without it half of the container's memory beyond 192 MiB, but at least 8 MiB, or 256 MiB where that has no limit",
    placeholder: 'SIZE',
  }),
  readFrom: option(oneOf(...readPolicies), {
    description:
      'Where single reads go, behind Sentinels and in a Cluster: to primaries; to replicas, while one is fit; to replicas alone',
    default: 'primary',
  }),
  maxStaleness: option(timeSpan, {
    description: 'A replica that has not heard of its primary for longer is not read from',
    placeholder: 'DURATION',
    default: '10s',
  }),
  deny: option(denied, {
    description: 'Commands that clients get an error for, such as `FLUSHALL` or `CONFIG|SET`',
    placeholder: 'COMMAND[|SUB],…',
  }),
  slow: option(durationMs, {
    description: 'Commands that take longer are shown in `/slow`; 0 for none',
    placeholder: 'DURATION',
    default: '10ms',
  }),
  ...serviceOptions(9103),
};

/** The program as its user sees it. */
export const program = {
  name: 'redis-ambassador',
  version: manifest.version,
  summary: 'Redis on localhost in front of any Redis',
  options,
  examples: [
    {
      purpose: 'TLS, and a password that is read from a file at each login',
      command:
        "redis-ambassador --upstream 'rediss://app@redis.example?ca=/etc/redis/ca.crt' --upstream-password-file redis-password",
    },
    {
      purpose:
        'The primary that Sentinels know as `orders`, whichever server that is; reads from its replicas',
      command:
        'redis-ambassador --upstream redis-sentinel://sentinel-0:26379,sentinel-1:26379/orders --read-from prefer-replica',
    },
    {
      purpose: 'A Cluster that the app sees as one Redis',
      command: 'redis-ambassador --upstream redis-cluster://redis-cluster.default.svc:6379',
    },
  ],
} satisfies Program;

/** What is wrong with options that are each right alone. */
export function findFaults({ upstream: { kind }, readFrom }: Config<typeof options>): readonly string[] {
  if (readFrom === 'primary' || kind === 'sentinel' || kind === 'cluster') return [];
  return [`--read-from ${readFrom}: only Sentinels and a Cluster tell where replicas are`];
}

/** Further tables of the README. */
export const tables = { routes: routeTable };
