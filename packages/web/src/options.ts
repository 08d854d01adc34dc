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
    if (url.search + url.hash !== '') return new Refusal('must not contain ? or #');
    return /^\/?\d{0,5}$/.test(url.pathname) ? text : new Refusal('the path is not a database number');
  },
);

/** The options of web. */
export const program = {
  name: 'web',
  version: manifest.version,
  summary: 'an example application with page views and a cache',
  examples: [
    {
      purpose: 'On your machine: pages on http://127.0.0.1:8080, logs in a folder of your own',
      command: 'web --listen 127.0.0.1:8080 --log-dir /tmp/web-logs',
    },
    {
      purpose: 'Ready only while Redis answers; a stop first waits until traffic has ended',
      command: 'web --redis-url rediss://redis.example:6379/0 --redis-required --drain-delay 5s',
    },
    {
      purpose: 'Show the configuration that flags and environment result in',
      command: 'LOG_LEVEL=debug web --print-config',
    },
  ],
  options: {
    listen: option(hostPort, {
      description: 'Address to serve pages and the API on; port 0 takes a free port',
      placeholder: 'HOST:PORT',
      default: ':8080',
    }),
    redisUrl: option(redisUrl, {
      description: 'URL of the Redis that stores counters and the cache',
      placeholder: 'URL',
      default: 'redis://127.0.0.1:6379',
      secret: 'url',
    }),
    redisTimeout: option(durationMs, {
      description: 'Time a request waits for Redis; then it is answered without Redis',
      placeholder: 'DURATION',
      default: '1s',
    }),
    redisRequired: flag({ description: 'Be ready only while Redis answers' }),
    statsd: option(remoteHostPort, {
      description: 'Address to send StatsD lines to, by UDP',
      placeholder: 'HOST:PORT',
      default: '127.0.0.1:8125',
    }),
    logDir: option(path, {
      description: 'Folder for access.log, app.log and error.log',
      placeholder: 'DIR',
      default: '/var/log/app',
    }),
    logMaxSize: option(bytes, {
      description: 'Size at which a log file is rotated',
      placeholder: 'SIZE',
      default: '8MiB',
    }),
    logMaxFiles: option(integer(2, 100), {
      description: 'Files to keep of each log, including the current one',
      placeholder: 'COUNT',
      default: '4',
    }),
    maxPages: option(integer(1, 100_000), {
      description: 'Pages to count by name, in Redis and StatsD; further pages count as `other`',
      placeholder: 'COUNT',
      default: '1000',
    }),
    maxCacheEntries: option(integer(1, 1_000_000), {
      description:
        'Cache entries to keep in Redis, each up to 64 KiB; the entry that expires first makes room',
      placeholder: 'COUNT',
      default: '500',
    }),
    maxConnections: option(integer(1, 1_000_000), {
      description:
        "Connections open at a time; an eighth of them may have a request in progress. Beyond the limit the longest idle connection is closed. Default: one for each 160 KiB of the container's memory, or 10,000 without a memory limit",
      placeholder: 'COUNT',
    }),
    drainDelay: option(durationMs, {
      description: 'Time to accept new connections after the stop signal',
      placeholder: 'DURATION',
      default: '0',
    }),
    faults: flag({
      description: 'Serve /faults on the admin port, which makes this process fail on purpose',
    }),
    ...serviceOptions(8081),
  },
} satisfies Program;
