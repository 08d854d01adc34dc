import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { discardFluent, discardHttp, discardSyslog } from '../testing/discard.ts';
import { status } from './support/admin.ts';
import { adminUrl, argsOf } from './support/shipper.ts';

const bundle = join(import.meta.dirname, '../dist/log-shipper.js');
/** A process's memory is read from /proc. */
const linux = { name: 'Linux', isMet: process.platform === 'linux' };
const mostBytes = 110e6;
const backlogBytes = 64e6;

const ignore = () => undefined;
const http =
  (scheme: string, path = '') =>
  async () => {
    const discard = await discardHttp(ignore);
    return { discard, url: `${scheme}://127.0.0.1:${discard.port}/${path}` };
  };
const sinks: ReadonlyArray<readonly [string, ReturnType<typeof http>]> = [
  ['http', http('http')],
  ['http, gzip', http('http', '#compression=gzip')],
  ['Loki', http('loki+http')],
  ['Elasticsearch', http('elasticsearch+http', 'logs')],
  ['OTLP', http('otlp+http')],
  ['OTLP in JSON', http('otlp+http', '#encoding=json')],
  [
    'syslog',
    () =>
      discardSyslog(ignore).then((discard) => ({ discard, url: `syslog+tcp://127.0.0.1:${discard.port}` })),
  ],
  [
    'Fluent',
    () => discardFluent(ignore).then((discard) => ({ discard, url: `fluent://127.0.0.1:${discard.port}` })),
  ],
];

/** Peak resident memory of a process, in bytes. */
function peakRss(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

function writeBacklog(path: string, line: (id: number) => string): void {
  const out = openSync(path, 'w');
  for (let written = 0, id = 0; written < backlogBytes; ) {
    let text = '';
    while (text.length < 1_000_000) text += line(id++);
    written += writeSync(out, text);
  }
  closeSync(out);
}

describe('memory during a backlog', needs(linux), () => {
  it.each(sinks)('stays within 110 MB with the sink %s', { timeout: 240_000 }, async (_, start) => {
    using dir = tempDir();
    const { discard, url } = await start();
    await using stack = new AsyncDisposableStack();
    stack.use(discard);
    writeBacklog(dir.file('json.log'), (id) => `{"level":"info","id":${id},"msg":"${'x'.repeat(80)}"}\n`);
    writeBacklog(dir.file('text.log'), (id) => `order ${id}: ${'lorem ipsum dolor sit '.repeat(45)}\n`);
    const flags = { paths: dir.file('*.log'), 'state-dir': dir.file('state'), sink: url };
    const shipper = stack.use(
      new RunningProgram(process.execPath, [bundle, ...argsOf(flags)], { LOG_FORMAT: 'json' }),
    );
    const admin = await adminUrl(shipper);
    await eventually(
      async () => {
        const { records, lagBytes } = await status(admin);
        return records > 500_000 && lagBytes === 0;
      },
      { timeoutMs: 200_000, everyMs: 250 },
    );
    expect(peakRss(shipper.pid)).toBeLessThanOrEqual(mostBytes);
  });
});
