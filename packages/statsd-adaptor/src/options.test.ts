import { parseOptions } from '@pod-patterns/kit';
import { describe, expect, it } from 'vitest';
import { program } from './options.ts';

const parse = (argv: readonly string[], env: Record<string, string> = {}) => {
  const parsed = parseOptions(program, { argv, env });
  return parsed.ok ? { config: parsed.config, faults: [] } : { config: undefined, faults: parsed.faults };
};

describe('options', () => {
  it('have upstream’s defaults', () => {
    expect(parse([]).config).toMatchObject({
      listenUdp: { host: undefined, port: 9125 },
      listenTcp: { host: undefined, port: 9125 },
      adminListen: { host: undefined, port: 9102 },
      mappingConfig: undefined,
      telemetryPath: '/metrics',
      enableLifecycle: false,
      adminOpen: false,
      parseDogstatsdTags: true,
      parseInfluxdbTags: true,
      parseLibratoTags: true,
      parseSignalfxTags: true,
      parseGraphiteTags: false,
      cacheSize: 1000,
      cacheType: 'lru',
      logLevel: 'info',
    });
  });

  it.each([
    [['--statsd.listen-udp=127.0.0.1:8125'], { listenUdp: { host: '127.0.0.1', port: 8125 } }],
    [['--statsd.listen-udp', ':1'], { listenUdp: { host: undefined, port: 1 } }],
    [['--statsd.listen-udp='], { listenUdp: null }],
    [['--statsd.listen-tcp', ''], { listenTcp: null }],
    [['--statsd.listen-tcp=off'], { listenTcp: null }],
    [
      ['--statsd.listen-unixgram=/s/gram', '--statsd.listen-unixstream=@stream'],
      { listenUnixgram: '/s/gram', listenUnixstream: '@stream', unixsocketMode: 0o755 },
    ],
    [
      ['--statsd.listen-unixgram=', '--statsd.unixsocket-mode=0777'],
      { listenUnixgram: null, unixsocketMode: 0o777 },
    ],
    [['--statsd.unixsocket-mode=9', '--statsd.listen-unixstream=off'], { unixsocketMode: null }],
    [['--web.listen-address=:1'], { adminListen: { host: undefined, port: 1 } }],
    [['--statsd.mapping-config=m.yml'], { mappingConfig: 'm.yml' }],
    [['--debug.dump-fsm=/tmp/globs.dot'], { dumpFsm: '/tmp/globs.dot' }],
    [['--statsd.mapping-config='], { mappingConfig: '' }],
    [['--statsd.read-buffer=0'], { readBuffer: 0 }],
    [['--statsd.read-buffer=4194304'], { readBuffer: 4194304 }],
    [['--no-statsd.parse-dogstatsd-tags'], { parseDogstatsdTags: false }],
    [['--statsd.parse-dogstatsd-tags'], { parseDogstatsdTags: true }],
    [['--no-statsd.parse-influxdb-tags'], { parseInfluxdbTags: false }],
    [['--no-statsd.parse-librato-tags'], { parseLibratoTags: false }],
    [['--no-statsd.parse-signalfx-tags'], { parseSignalfxTags: false }],
    [['--statsd.parse-graphite-tags'], { parseGraphiteTags: true }],
    [['--statsd.cache-size=0', '--statsd.cache-type=random'], { cacheSize: 0, cacheType: 'random' }],
    [['--web.telemetry-path=/x/metrics'], { telemetryPath: '/x/metrics' }],
    [['--web.own-metrics-path=/metrics/own'], { ownMetricsPath: '/metrics/own' }],
    [['--web.enable-lifecycle'], { enableLifecycle: true }],
    [['--web.admin-open'], { adminOpen: true }],
    [['--admin-open'], { adminOpen: true }],
    [['--log.level=warn', '--log.format=logfmt'], { logLevel: 'warn', logFormat: 'text' }],
    [['--log.format=json'], { logFormat: 'json' }],
    [
      ['--statsd.event-queue-size=1', '--statsd.event-flush-threshold=2'],
      { eventQueueSize: 1, eventFlushThreshold: 2 },
    ],
    [
      ['--statsd.event-flush-interval=200ms', '--statsd.udp-packet-queue-size=5'],
      { eventFlushInterval: 200 },
    ],
    [['--statsd.set-window=5m', '--statsd.series-limit=7'], { setWindow: 300_000, seriesLimit: 7 }],
    [['--shutdown-timeout=5s'], { shutdownTimeout: 5000 }],
  ])('accept %j', (argv, expected) => {
    expect(parse(argv)).toMatchObject({ config: expected, faults: [] });
  });

  it('can be set in the environment', () => {
    const env = {
      ADMIN_LISTEN: ':5',
      LOG_LEVEL: 'debug',
      LOG_FORMAT: 'logfmt',
      STATSD_LISTEN_UDP: ':6',
      STATSD_LISTEN_TCP: 'off',
    };
    expect(parse([], env).config).toMatchObject({
      adminListen: { port: 5 },
      logLevel: 'debug',
      logFormat: 'text',
      listenUdp: { port: 6 },
      listenTcp: null,
    });
  });

  it.each([
    ['--statsd.listen-udp=9125', 'expected HOST:PORT'],
    ['--statsd.listen-udp=:99999', 'port out of range: expected 0 to 65535'],
    ['--web.listen-address=', 'expected HOST:PORT'],
    ['--web.telemetry-path=', 'expected a path such as /metrics'],
    ['--web.telemetry-path=metrics', 'expected a path such as /metrics'],
    ['--web.telemetry-path=/', 'expected a path such as /metrics'],
    ['--web.telemetry-path=/-/ready', 'expected a path such as /metrics'],
    ['--web.telemetry-path=/debug/recent', 'expected a path such as /metrics'],
    ['--web.telemetry-path=/livez', 'expected a path such as /metrics'],
    ['--statsd.cache-size=-1', 'expected a whole number'],
    ['--statsd.cache-type=fifo', 'expected one of lru, random'],
    ['--statsd.read-buffer=big', 'expected a size'],
    ['--statsd.series-limit=0', 'expected a whole number'],
    ['--statsd.set-window=0', 'expected a duration above 0'],
    ['--statsd.relay.address=10.0.0.1:0', 'port out of range: expected 1 to 65535'],
    ['--statsd.relay.packet-length=0', 'expected a whole number'],
    ['--log.level=trace', 'expected one of error, warn, info, debug'],
    ['--log.format=xml', 'expected one of auto, json, text, logfmt'],
    ['--statsd.event-flush-interval=5', 'expected a duration'],
    ['--statsd.parse-dogstatsd-tags=true', 'a switch takes no value'],
    ['--statsd.listen-upd=:1', 'unknown option (did you mean --statsd.listen-udp?)'],

    [`--statsd.listen-unixgram=/${'x'.repeat(107)}`, 'expected a path of at most 107 bytes'],
    ['operand', 'takes no operands'],
  ])('refuse %s', (arg, fault) => {
    expect(parse([arg]).faults).toEqual([expect.stringContaining(fault)]);
  });
});
