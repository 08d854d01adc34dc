import {
  bytes,
  type Config as ConfigOf,
  durationMs,
  flag,
  type HostPort,
  integer,
  oneOf,
  option,
  type Program,
  path,
  type Reader,
  readDurationMs,
  reader,
  readHostPort,
  remoteHostPort,
  serviceOptions,
  text,
} from '@pod-patterns/kit';
import manifest from '../package.json' with { type: 'json' };
import type { Dialects } from './parse/tags.ts';

const service = serviceOptions(9102);

/** An address to listen on; null (no listener) for an empty text, as upstream. */
const listenAddress: Reader<HostPort | null> = reader(
  'HOST:PORT, such as 127.0.0.1:8125 or :9125, or off',
  (text) => (text === '' || text === 'off' ? null : readHostPort(text)),
);

/** The path of a unix socket; null as for `listenAddress`. */
const socketPath: Reader<string | null> = reader(
  'a path of at most 107 bytes, or @NAME for an abstract socket',
  (text) => {
    if (text === '' || text === 'off') return null;
    return text.includes('\0') || Buffer.byteLength(text) > 107 ? undefined : text;
  },
);

/** A path; may be empty, as charts render options without a value. */
const optionalPath = reader('a path', (text) => (text.includes('\0') ? undefined : text));

/** Permissions; null for a bad value, which causes only a warning, as upstream. */
const fileMode: Reader<number | null> = reader('permissions in octal such as 755', (text) =>
  /^[0-7]{1,4}$/.test(text) ? Number.parseInt(text, 8) : null,
);

const metricsPath = reader('a path such as /metrics that no other endpoint uses', (text) =>
  /^\/[\w./-]+$/.test(text) && !/^\/(?:-\/.*|livez|readyz|status|debug\/recent)$/.test(text)
    ? text
    : undefined,
);

/** Upstream's formats and those of this repository. */
const logFormats = ['auto', 'json', 'text', 'logfmt'] as const;
const logFormat: Reader<'auto' | 'json' | 'text'> = reader(
  `one of ${logFormats.join(', ')}`,
  (text) => {
    const word = logFormats.find((one) => one === text);
    return word === 'logfmt' ? 'text' : word;
  },
  logFormats,
);

const positiveDuration = reader(
  'a duration above 0 such as 30s or 5m',
  (text) => readDurationMs(text) || undefined,
);

const upstreamQueue =
  'Accepted for compatibility with statsd_exporter, without effect: lines are handled as they arrive, without a queue';

/** The command line: statsd_exporter's flags and the options common to all containers here. */
export const program = {
  name: 'statsd-adaptor',
  version: manifest.version,
  summary: 'StatsD in, Prometheus /metrics out',
  examples: [
    {
      purpose: 'For this pod only: UDP on localhost, no TCP, names mapped by a file',
      command:
        'statsd-adaptor --statsd.listen-udp=127.0.0.1:8125 --statsd.listen-tcp=off --statsd.mapping-config=mapping.yaml',
    },
    {
      purpose: 'Like statsd_exporter, but without two tag dialects',
      command: 'statsd-adaptor --no-statsd.parse-librato-tags --no-statsd.parse-signalfx-tags',
    },
    {
      purpose: 'With a copy of every line to an old StatsD server',
      command: 'statsd-adaptor --statsd.relay.address=10.0.0.1:8125 --statsd.series-limit=50000',
    },
  ],
  options: {
    listenUdp: option(listenAddress, {
      flag: 'statsd.listen-udp',
      description: 'UDP address to receive StatsD lines on; empty or `off` disables it',
      placeholder: 'HOST:PORT',
      default: ':9125',
    }),
    listenTcp: option(listenAddress, {
      flag: 'statsd.listen-tcp',
      description: 'TCP address to receive StatsD lines on; empty or `off` disables it',
      placeholder: 'HOST:PORT',
      default: ':9125',
    }),
    listenUnixgram: option(socketPath, {
      flag: 'statsd.listen-unixgram',
      description:
        'Unix datagram socket to receive StatsD lines on; `@NAME` for an abstract one; empty or `off` disables it',
      placeholder: 'PATH',
      default: '',
    }),
    listenUnixstream: option(socketPath, {
      flag: 'statsd.listen-unixstream',
      description:
        'Unix stream socket to receive StatsD lines on; `@NAME` for an abstract one; empty or `off` disables it',
      placeholder: 'PATH',
      default: '',
    }),
    unixsocketMode: option(fileMode, {
      flag: 'statsd.unixsocket-mode',
      description:
        'Permissions of unix sockets, in octal; clients need write permission, so 777 admits other users; an invalid value is ignored with a warning, as in statsd_exporter',
      placeholder: 'MODE',
      default: '755',
    }),
    mappingConfig: option(optionalPath, {
      flag: 'statsd.mapping-config',
      description: 'Mapping file, read again on SIGHUP; empty for none',
      placeholder: 'FILE',
    }),
    convertMapping: option(path, {
      flag: 'convert-mapping',
      description:
        'Print the mapping file of an older statsd_exporter in the current format, with its comments, and exit',
      placeholder: 'FILE',
    }),
    explain: option(text, {
      flag: 'explain',
      description:
        'Print how a StatsD line is handled (dialect, name, rule, labels and series, or the reason for refusing it), and exit',
      placeholder: 'LINE',
    }),
    dumpFsm: option(optionalPath, {
      flag: 'debug.dump-fsm',
      description: 'File to write the tree of the mapping globs to at startup, for Graphviz',
      placeholder: 'FILE',
      default: '',
    }),
    readBuffer: option(bytes, {
      flag: 'statsd.read-buffer',
      description:
        "UDP receive buffer to request; the kernel caps it at `net.core.rmem_max`; 0 keeps the kernel's default",
      placeholder: 'BYTES',
      default: '8MiB',
    }),
    tcpMaxConnections: option(integer(1, 1_000_000), {
      flag: 'statsd.tcp-max-connections',
      description:
        "Maximum number of open connections over TCP, and of those to the unix stream socket; more are refused; by default one per 640 KiB of the container's memory, or 1,024 without a memory limit",
      placeholder: 'N',
    }),
    parseDogstatsdTags: flag({
      flag: 'statsd.parse-dogstatsd-tags',
      description: 'Read DogStatsD tags (|#k:v)',
      default: 'true',
    }),
    parseInfluxdbTags: flag({
      flag: 'statsd.parse-influxdb-tags',
      description: 'Read InfluxDB tags (name,k=v)',
      default: 'true',
    }),
    parseLibratoTags: flag({
      flag: 'statsd.parse-librato-tags',
      description: 'Read Librato tags (name#k=v)',
      default: 'true',
    }),
    parseSignalfxTags: flag({
      flag: 'statsd.parse-signalfx-tags',
      description: 'Read SignalFX tags (name[k=v])',
      default: 'true',
    }),
    parseGraphiteTags: flag({
      flag: 'statsd.parse-graphite-tags',
      description: 'Read Graphite tags (name;k=v); statsd_exporter makes them part of the name',
    }),
    seriesLimit: option(integer(1, 10_000_000), {
      flag: 'statsd.series-limit',
      description: 'Maximum number of series; samples of further series are dropped and counted',
      placeholder: 'N',
      default: '250000',
    }),
    seriesLimitPerMetric: option(integer(1, 10_000_000), {
      flag: 'statsd.series-limit-per-metric',
      description: 'Maximum number of series of one metric; by default only `--statsd.series-limit` applies',
      placeholder: 'N',
    }),
    seriesMemory: option(bytes, {
      flag: 'statsd.series-memory',
      description:
        "Maximum memory of all series; beyond it, samples that need more are dropped and counted; by default a quarter of the container's memory, or no bound without a memory limit",
      placeholder: 'SIZE',
    }),
    setWindow: option(positiveDuration, {
      flag: 'statsd.set-window',
      description: 'Time for which the gauge of a set counts a member after it was last seen',
      placeholder: 'DURATION',
      default: '1m',
    }),
    cacheSize: option(integer(0, 10_000_000), {
      flag: 'statsd.cache-size',
      description: 'StatsD names to cache the mapping of; 0 disables the cache',
      placeholder: 'N',
      default: '1000',
    }),
    cacheType: option(oneOf('lru', 'random'), {
      flag: 'statsd.cache-type',
      description: 'Name to evict from a full cache: the least recently used, or a random one',
      default: 'lru',
    }),
    relayAddress: option(remoteHostPort, {
      flag: 'statsd.relay.address',
      description: 'StatsD server to send a copy of every line to, over UDP',
      placeholder: 'HOST:PORT',
    }),
    relayPacketLength: option(integer(16, 65_507), {
      flag: 'statsd.relay.packet-length',
      description: 'Maximum size of a relayed packet; longer lines are not relayed',
      placeholder: 'BYTES',
      default: '1400',
    }),
    telemetryPath: option(metricsPath, {
      flag: 'web.telemetry-path',
      description: 'Path to serve metrics on',
      placeholder: 'PATH',
      default: '/metrics',
    }),
    ownMetricsPath: option(metricsPath, {
      flag: 'web.own-metrics-path',
      description: "Separate path for the adaptor's own metrics; by default they are served with the others",
      placeholder: 'PATH',
    }),
    webConfigFile: option(optionalPath, {
      flag: 'web.config.file',
      description:
        "File with TLS settings and logins for the HTTP port, in the format of Prometheus' exporter-toolkit",
      placeholder: 'FILE',
      default: '',
    }),
    enableLifecycle: flag({
      flag: 'web.enable-lifecycle',
      description: 'Serve `/-/reload` and `/-/quit` (PUT or POST) to clients on loopback',
    }),
    linger: option(durationMs, {
      description:
        'Time to wait for a last scrape at shutdown, so that the last counts are not lost; must be less than `--shutdown-timeout`; 0 exits at once',
      placeholder: 'DURATION',
      default: '0',
    }),
    eventQueueSize: option(integer(), {
      flag: 'statsd.event-queue-size',
      description: upstreamQueue,
      placeholder: 'N',
    }),
    eventFlushThreshold: option(integer(), {
      flag: 'statsd.event-flush-threshold',
      description: upstreamQueue,
      placeholder: 'N',
    }),
    eventFlushInterval: option(durationMs, {
      flag: 'statsd.event-flush-interval',
      description: upstreamQueue,
      placeholder: 'DURATION',
    }),
    udpPacketQueueSize: option(integer(), {
      flag: 'statsd.udp-packet-queue-size',
      description: upstreamQueue,
      placeholder: 'N',
    }),
    ...service,
    adminListen: {
      ...service.adminListen,
      flag: 'web.listen-address',
      alias: 'admin-listen',
      env: 'ADMIN_LISTEN',
    },
    adminOpen: { ...service.adminOpen, flag: 'web.admin-open', alias: 'admin-open', env: 'ADMIN_OPEN' },
    logLevel: { ...service.logLevel, flag: 'log.level', alias: 'log-level', env: 'LOG_LEVEL' },
    logFormat: option(logFormat, {
      flag: 'log.format',
      alias: 'log-format',
      env: 'LOG_FORMAT',
      description: 'Log format; auto is text on a terminal and json elsewhere; logfmt means text',
      default: 'auto',
    }),
  },
} satisfies Program;

export type Config = ConfigOf<typeof program.options>;

export function dialectsOf(config: Config): Dialects {
  return {
    dogstatsd: config.parseDogstatsdTags,
    influxdb: config.parseInfluxdbTags,
    librato: config.parseLibratoTags,
    signalfx: config.parseSignalfxTags,
    graphite: config.parseGraphiteTags,
  };
}
