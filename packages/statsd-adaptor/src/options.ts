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

/** Where to listen, or null: an empty text switches a listener off, as upstream has it. */
const listenAddress: Reader<HostPort | null> = reader(
  'HOST:PORT, such as 127.0.0.1:8125 or :9125, or off',
  (text) => (text === '' || text === 'off' ? null : readHostPort(text)),
);

/** Where a unix socket is, or null as for `listenAddress`. */
const socketPath: Reader<string | null> = reader(
  'a path of at most 107 bytes, or @NAME for an abstract socket',
  (text) => {
    if (text === '' || text === 'off') return null;
    return text.includes('\0') || Buffer.byteLength(text) > 107 ? undefined : text;
  },
);

/** A path, or an empty text where charts render an option without a value. */
const optionalPath = reader('a path', (text) => (text.includes('\0') ? undefined : text));

/** Permissions, or null for a bad value: as upstream, that only gives a warning. */
const fileMode: Reader<number | null> = reader('permissions in octal such as 755', (text) =>
  /^[0-7]{1,4}$/.test(text) ? Number.parseInt(text, 8) : null,
);

const metricsPath = reader('a path such as /metrics that is not used for something else', (text) =>
  /^\/[\w./-]+$/.test(text) && !/^\/(?:-\/.*|livez|readyz|status|debug\/recent)$/.test(text)
    ? text
    : undefined,
);

/** Upstream's words and the house's. */
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
  'Accepted as upstream has it, without effect: lines are taken as they come, there is no queue';

/** The command line: statsd_exporter's own flags, and what all containers of this house have. */
export const program = {
  name: 'statsd-adaptor',
  version: manifest.version,
  summary: 'StatsD in, Prometheus /metrics out',
  examples: [
    {
      purpose: 'For the pod alone: UDP on localhost, no TCP, names mapped by a file',
      command:
        'statsd-adaptor --statsd.listen-udp=127.0.0.1:8125 --statsd.listen-tcp=off --statsd.mapping-config=mapping.yaml',
    },
    {
      purpose: 'As statsd_exporter, but without two dialects of tags',
      command: 'statsd-adaptor --no-statsd.parse-librato-tags --no-statsd.parse-signalfx-tags',
    },
    {
      purpose: 'Beside an old StatsD server, which gets a copy of every line',
      command: 'statsd-adaptor --statsd.relay.address=10.0.0.1:8125 --statsd.series-limit=50000',
    },
  ],
  options: {
    listenUdp: option(listenAddress, {
      flag: 'statsd.listen-udp',
      description: 'Where StatsD lines are received over UDP; empty or off switches it off',
      placeholder: 'HOST:PORT',
      default: ':9125',
    }),
    listenTcp: option(listenAddress, {
      flag: 'statsd.listen-tcp',
      description: 'Where StatsD lines are received over TCP; empty or off switches it off',
      placeholder: 'HOST:PORT',
      default: ':9125',
    }),
    listenUnixgram: option(socketPath, {
      flag: 'statsd.listen-unixgram',
      description:
        'Unix datagram socket where StatsD lines are received, @NAME for an abstract one; empty or off switches it off',
      placeholder: 'PATH',
      default: '',
    }),
    listenUnixstream: option(socketPath, {
      flag: 'statsd.listen-unixstream',
      description:
        'Unix stream socket where StatsD lines are received, @NAME for an abstract one; empty or off switches it off',
      placeholder: 'PATH',
      default: '',
    }),
    unixsocketMode: option(fileMode, {
      flag: 'statsd.unixsocket-mode',
      description:
        'Permissions of unix sockets, octal; clients need to write, so 777 lets other users in; a bad value is ignored with a warning, as upstream',
      placeholder: 'MODE',
      default: '755',
    }),
    mappingConfig: option(optionalPath, {
      flag: 'statsd.mapping-config',
      description: 'Mapping file; read again at SIGHUP; empty for none',
      placeholder: 'FILE',
    }),
    convertMapping: option(path, {
      flag: 'convert-mapping',
      description:
        "Print a mapping file of an earlier statsd_exporter in today's form, comments kept, and end",
      placeholder: 'FILE',
    }),
    explain: option(text, {
      flag: 'explain',
      description:
        'Print what becomes of a StatsD line (dialect, name, rule, labels, series, or why it is not taken), and end',
      placeholder: 'LINE',
    }),
    dumpFsm: option(optionalPath, {
      flag: 'debug.dump-fsm',
      description: "File that gets the tree of the mapping's globs at the start, for Graphviz",
      placeholder: 'FILE',
      default: '',
    }),
    readBuffer: option(bytes, {
      flag: 'statsd.read-buffer',
      description:
        "UDP receive buffer to ask the kernel for, which gives at most net.core.rmem_max; 0 leaves the kernel's default",
      placeholder: 'BYTES',
      default: '8MiB',
    }),
    tcpMaxConnections: option(integer(1, 1_000_000), {
      flag: 'statsd.tcp-max-connections',
      description:
        "Connections open at a time, over TCP and to the unix stream socket each; more are refused; without it one for each 640 KiB of the container's memory, or 1,024 where that has no limit",
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
      description: 'Read Graphite tags (name;k=v), which upstream takes for a part of the name',
    }),
    seriesLimit: option(integer(1, 10_000_000), {
      flag: 'statsd.series-limit',
      description: 'Series kept at a time; samples that would make more are dropped and counted',
      placeholder: 'N',
      default: '250000',
    }),
    seriesLimitPerMetric: option(integer(1, 10_000_000), {
      flag: 'statsd.series-limit-per-metric',
      description: 'Series kept of one metric; without it only the limit on all holds',
      placeholder: 'N',
    }),
    seriesMemory: option(bytes, {
      flag: 'statsd.series-memory',
      description:
        "Memory for series, beyond which samples that would make or grow one are dropped and counted; without it a quarter of the container's memory, or no bound where that has no limit",
      placeholder: 'SIZE',
    }),
    setWindow: option(positiveDuration, {
      flag: 'statsd.set-window',
      description: 'For how long a member of a set counts in its gauge',
      placeholder: 'DURATION',
      default: '1m',
    }),
    cacheSize: option(integer(0, 10_000_000), {
      flag: 'statsd.cache-size',
      description: 'StatsD names whose mapping is remembered; 0 remembers none',
      placeholder: 'N',
      default: '1000',
    }),
    cacheType: option(oneOf('lru', 'random'), {
      flag: 'statsd.cache-type',
      description: 'Which name is forgotten when there are too many: the least recently used, or any',
      default: 'lru',
    }),
    relayAddress: option(remoteHostPort, {
      flag: 'statsd.relay.address',
      description: 'Where a copy of every line is sent over UDP',
      placeholder: 'HOST:PORT',
    }),
    relayPacketLength: option(integer(16, 65_507), {
      flag: 'statsd.relay.packet-length',
      description: 'Longest packet of the relay, in bytes; longer lines are not relayed',
      placeholder: 'BYTES',
      default: '1400',
    }),
    telemetryPath: option(metricsPath, {
      flag: 'web.telemetry-path',
      description: 'Path of the exposition',
      placeholder: 'PATH',
      default: '/metrics',
    }),
    ownMetricsPath: option(metricsPath, {
      flag: 'web.own-metrics-path',
      description: "Path of the adaptor's own metrics, apart from those of --web.telemetry-path",
      placeholder: 'PATH',
    }),
    webConfigFile: option(optionalPath, {
      flag: 'web.config.file',
      description: "File with TLS and logins for the HTTP port, in the form of Prometheus' exporter-toolkit",
      placeholder: 'FILE',
      default: '',
    }),
    enableLifecycle: flag({
      flag: 'web.enable-lifecycle',
      description: 'Serve /-/reload and /-/quit (PUT or POST) to callers on loopback',
    }),
    linger: option(durationMs, {
      description:
        'How long to stay at the end until scraped once more, so that the last counts are not lost; less than --shutdown-timeout; 0 does not stay',
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
      description: 'How log lines look; auto is text on a terminal and json elsewhere, logfmt is text',
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
