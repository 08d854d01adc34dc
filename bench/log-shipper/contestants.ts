import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBinary } from '@pod-patterns/kit/testing/find-binary';

/** One shipper: a command that reads `file` from its beginning and sends it to the sink. */
export interface Contestant {
  readonly name: string;
  /** The sink cannot count its lines. */
  readonly isUncounted?: boolean;
  command(task: Task): readonly [string, ...string[]];
}

/** Ports of the sinks. */
export interface Ports {
  readonly http: number;
  readonly syslog: number;
  readonly fluent: number;
}

export interface Task {
  readonly file: string;
  readonly ports: Ports;
  /** A fresh folder for its state and settings. */
  readonly folder: string;
}

const root = join(import.meta.dirname, '../..');
const bundle = join(root, 'packages/log-shipper/dist/log-shipper.js');

export function contestants(): Contestant[] {
  return [
    ours('ours'),
    ours('ours, parse none', ['--parse=none']),
    ours('ours, gzip', [], { fragment: '#compression=gzip' }),
    ours('ours, to Loki', [], { scheme: 'loki+http', fragment: '#compression=none' }),
    ours('ours, to Elasticsearch', [], { scheme: 'elasticsearch+http', path: 'logs' }),
    ours('ours, to OTLP', [], { scheme: 'otlp+http' }),
    ours('ours, to syslog', [], { scheme: 'syslog+tcp', port: 'syslog' }),
    ours('ours, to Fluent', [], { scheme: 'fluent', port: 'fluent' }),
    floor,
    ...rsyslog(),
    ...fluentBit(),
    ...syslogNg(),
  ];
}

interface Target {
  readonly scheme?: string;
  readonly path?: string;
  readonly fragment?: string;
  readonly port?: keyof Ports;
}

/** All schemes of this port accept the sink's answer. */
export function ours(
  name: string,
  flags: readonly string[] = [],
  { scheme = 'http', path = '', fragment = '', port = 'http' }: Target = {},
): Contestant {
  return {
    name,
    isUncounted: fragment.includes('gzip') || port !== 'http' || path !== '' || scheme === 'otlp+http',
    command: ({ file, ports, folder }) => [
      process.execPath,
      bundle,
      ...[
        `--paths=${file}`,
        `--sink=${scheme}://127.0.0.1:${ports[port]}/${path}${fragment}`,
        `--state-dir=${join(folder, 'state')}`,
      ],
      ...['--admin-listen=127.0.0.1:0', '--log-level=warn', ...flags],
    ],
  };
}

const floor: Contestant = {
  name: 'floor: Node, bytes as they are',
  command: ({ file, ports }) => [
    process.execPath,
    join(import.meta.dirname, 'floor.ts'),
    file,
    `http://127.0.0.1:${ports.http}/`,
  ],
};

function fluentBit(): Contestant[] {
  const binary = process.env['FLUENT_BIT_BIN'];
  if (binary === undefined) return [];
  const tail = (file: string, folder: string) => [
    '-i',
    'tail',
    '-p',
    `path=${file}`,
    '-p',
    'read_from_head=true',
    '-p',
    `db=${join(folder, 'db')}`,
    '-p',
    'buffer_max_size=4M',
    '-p',
    'mem_buf_limit=50M',
  ];
  const to = (output: string, port: number, ...more: readonly string[]) => [
    ...['-o', output, '-p', 'host=127.0.0.1', '-p', `port=${port}`, '-p', 'match=*'],
    ...more.flatMap((setting) => ['-p', setting]),
  ];
  const outputs: ReadonlyArray<readonly [name: string, (ports: Ports) => readonly string[]]> = [
    ['Fluent Bit', ({ http }) => to('http', http, 'format=json_lines')],
    ['Fluent Bit, to Loki', ({ http }) => to('loki', http)],
    ['Fluent Bit, to Elasticsearch', ({ http }) => to('es', http, 'index=logs', 'suppress_type_name=on')],
    ['Fluent Bit, to OTLP', ({ http }) => to('opentelemetry', http)],
    ['Fluent Bit, to syslog', ({ syslog }) => to('syslog', syslog, 'mode=tcp', 'syslog_message_key=log')],
    ['Fluent Bit, to Fluent', ({ fluent }) => to('forward', fluent, 'require_ack_response=on')],
  ];
  return outputs.map(([name, output]) => ({
    name,
    isUncounted: name !== 'Fluent Bit',
    command: ({ file, ports, folder }) => [binary, '-q', '-f', '1', ...tail(file, folder), ...output(ports)],
  }));
}

/** Reads the file and forwards it by syslog over TCP, each message with its length. */
function rsyslog(): Contestant[] {
  const binary = findBinary('rsyslogd');
  if (binary === undefined) return [];
  return [
    {
      name: 'rsyslog, to syslog',
      isUncounted: true,
      command({ file, ports, folder }) {
        const config = join(folder, 'rsyslog.conf');
        writeFileSync(
          config,
          `global(workDirectory="${folder}")
module(load="imfile")
input(type="imfile" file="${file}" tag="app" ruleset="all")
ruleset(name="all") {
  action(type="omfwd" target="127.0.0.1" port="${ports.syslog}" protocol="tcp" tcp_framing="octet-counted"
    template="RSYSLOG_SyslogProtocol23Format")
}
`,
        );
        return [binary, '-n', '-i', join(folder, 'pid'), '-f', config];
      },
    },
  ];
}

function syslogNg(): Contestant[] {
  const binary = findBinary('syslog-ng');
  if (binary === undefined) return [];
  return [
    {
      name: 'syslog-ng',
      command({ file, ports, folder }) {
        mkdirSync(folder, { recursive: true });
        const config = join(folder, 'syslog-ng.conf');
        writeFileSync(
          config,
          `@version: 3.38
source s { file("${file}" flags(no-parse) follow-freq(1) log-iw-size(10000) log-fetch-limit(1000)); };
destination d { http(url("http://127.0.0.1:${ports.http}/") method("POST") body("$MSG") batch-lines(5000) batch-bytes(1Mb) batch-timeout(100)); };
log { source(s); destination(d); flags(flow-control); };
`,
        );
        const at = (name: string) => join(folder, name);
        return [binary, '-F', '-f', config, '-R', at('persist'), '-p', at('pid'), '-c', at('ctl')];
      },
    },
  ];
}
