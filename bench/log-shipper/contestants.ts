import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBinary } from '@pod-patterns/kit/testing/find-binary';

/** What it takes to run one shipper: a command that reads `file` from its beginning and sends it to the sink. */
export interface Contestant {
  readonly name: string;
  /** The sink cannot count its lines. */
  readonly isCompressed?: boolean;
  command(task: Task): readonly [string, ...string[]];
}

export interface Task {
  readonly file: string;
  readonly port: number;
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
    floor,
    ...fluentBit(),
    ...syslogNg(),
  ];
}

/** The sink answers 200, which means the same to all schemes. */
export function ours(
  name: string,
  flags: readonly string[] = [],
  { scheme = 'http', fragment = '' } = {},
): Contestant {
  return {
    name,
    isCompressed: fragment.includes('gzip'),
    command: ({ file, port, folder }) => [
      process.execPath,
      bundle,
      ...[
        `--paths=${file}`,
        `--sink=${scheme}://127.0.0.1:${port}/${fragment}`,
        `--state-dir=${join(folder, 'state')}`,
      ],
      ...['--admin-listen=127.0.0.1:0', '--log-level=warn', ...flags],
    ],
  };
}

const floor: Contestant = {
  name: 'floor: Node, bytes as they are',
  command: ({ file, port }) => [
    process.execPath,
    join(import.meta.dirname, 'floor.ts'),
    file,
    `http://127.0.0.1:${port}/`,
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
  const http = (port: number) => [
    '-o',
    'http',
    '-p',
    'host=127.0.0.1',
    '-p',
    `port=${port}`,
    '-p',
    'format=json_lines',
    '-p',
    'match=*',
  ];
  return [
    {
      name: 'Fluent Bit',
      command: ({ file, port, folder }) => [binary, '-q', '-f', '1', ...tail(file, folder), ...http(port)],
    },
  ];
}

function syslogNg(): Contestant[] {
  const binary = findBinary('syslog-ng');
  if (binary === undefined) return [];
  return [
    {
      name: 'syslog-ng',
      command({ file, port, folder }) {
        mkdirSync(folder, { recursive: true });
        const config = join(folder, 'syslog-ng.conf');
        writeFileSync(
          config,
          `@version: 3.38
source s { file("${file}" flags(no-parse) follow-freq(1) log-iw-size(10000) log-fetch-limit(1000)); };
destination d { http(url("http://127.0.0.1:${port}/") method("POST") body("$MSG") batch-lines(5000) batch-bytes(1Mb) batch-timeout(100)); };
log { source(s); destination(d); flags(flow-control); };
`,
        );
        const at = (name: string) => join(folder, name);
        return [binary, '-F', '-f', config, '-R', at('persist'), '-p', at('pid'), '-c', at('ctl')];
      },
    },
  ];
}
