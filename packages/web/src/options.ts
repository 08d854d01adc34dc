import {
  bytes,
  durationMs,
  flag,
  hostPort,
  integer,
  option,
  type Program,
  path,
  Refusal,
  reader,
  readUrl,
  remoteHostPort,
  serviceOptions,
} from '@pod-patterns/kit';
import manifest from '../package.json' with { type: 'json' };

const redisUrl = reader(
  'a URL such as redis://127.0.0.1:6379 or rediss://user:password@host:6379/0',
  (text) => {
    const url = readUrl(text);
    if (!(url instanceof URL)) return url;
    if (!/^rediss?:$/.test(url.protocol) || url.hostname === '') return undefined;
    if (url.search + url.hash !== '') return new Refusal('takes no ? and no #');
    return /^\/?\d{0,5}$/.test(url.pathname) ? text : new Refusal('the path is not the number of a database');
  },
);

/** The options of web. */
export const program = {
  name: 'web',
  version: manifest.version,
  summary: 'an application: page views and a cache',
  examples: [
    {
      purpose: 'On your machine: pages on http://127.0.0.1:8080, logs in a folder of yours',
      command: 'web --listen 127.0.0.1:8080 --log-dir /tmp/web-logs',
    },
    {
      purpose: 'Ready only while Redis answers; a stop waits until no traffic comes any more',
      command: 'web --redis-url rediss://redis.example:6379/0 --redis-required --drain-delay 5s',
    },
    {
      purpose: 'What flags and environment make together',
      command: 'LOG_LEVEL=debug web --print-config',
    },
  ],
  options: {
    listen: option(hostPort, {
      description: 'Where the pages and the API are served; port 0 takes a free one',
      placeholder: 'HOST:PORT',
      default: ':8080',
    }),
    redisUrl: option(redisUrl, {
      description: 'The Redis that keeps counters and cache',
      placeholder: 'URL',
      default: 'redis://127.0.0.1:6379',
      secret: 'url',
    }),
    redisTimeout: option(durationMs, {
      description: 'How long a request waits for Redis before it is answered without',
      placeholder: 'DURATION',
      default: '1s',
    }),
    redisRequired: flag({ description: 'Be ready only while Redis answers' }),
    statsd: option(remoteHostPort, {
      description: 'Where StatsD lines are sent by UDP',
      placeholder: 'HOST:PORT',
      default: '127.0.0.1:8125',
    }),
    logDir: option(path, {
      description: 'Folder of access.log, app.log and error.log',
      placeholder: 'DIR',
      default: '/var/log/app',
    }),
    logMaxSize: option(bytes, {
      description: 'Size at which a log file is rotated',
      placeholder: 'SIZE',
      default: '8MiB',
    }),
    logMaxFiles: option(integer(2, 100), {
      description: 'How many files of each log are kept, the current one included',
      placeholder: 'COUNT',
      default: '4',
    }),
    maxPages: option(integer(1, 100_000), {
      description: 'Pages that are counted by name, in Redis and in StatsD; further ones count as other',
      placeholder: 'COUNT',
      default: '1000',
    }),
    maxCacheEntries: option(integer(1, 1_000_000), {
      description: 'Cache entries kept in Redis, of up to 64 KiB; the one that expires first makes room',
      placeholder: 'COUNT',
      default: '500',
    }),
    maxConnections: option(integer(1, 1_000_000), {
      description:
        "Connections open at a time, of which an eighth may have a request under way; the one idle the longest makes room. Without it one for each 160 KiB of the container's memory, or 10,000 where that has no limit",
      placeholder: 'COUNT',
    }),
    drainDelay: option(durationMs, {
      description: 'How long new connections are still taken after a stop was asked for',
      placeholder: 'DURATION',
      default: '0',
    }),
    faults: flag({ description: 'Serve /faults on the admin port, to hurt this process on purpose' }),
    ...serviceOptions(8081),
  },
} satisfies Program;
