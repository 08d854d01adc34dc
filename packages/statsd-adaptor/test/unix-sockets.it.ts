import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, statSync, writeFileSync } from 'node:fs';
import { installed, needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { RunningAdaptor, runAdaptor } from '../testing/running.ts';

const netcat = installed('nc');
const python = installed('python3');

/** A client in Python: each argument is a datagram; a number means that many bytes of lines. */
const sendDatagrams = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
path = sys.argv[1]
s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
s.connect('\\0' + path[1:] if path.startswith('@') else path)
for text in sys.argv[2:]:
    count, _, line = text.partition('*')
    for _ in range(int(count)): s.send(line.encode())
`;

function send(path: string, ...datagrams: readonly string[]): void {
  const { status, stderr } = spawnSync(python.path, ['-c', sendDatagrams, path, ...datagrams], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
}

function pipeInto(path: string, flags: readonly string[], input: string): void {
  const { status, stderr } = spawnSync(netcat.path, [...flags, path], {
    input,
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect([status, stderr]).toEqual([0, '']);
}

describe('the unix datagram socket', () => {
  const flag = (path: string) => `--statsd.listen-unixgram=${path}`;

  it('takes datagrams from nc and Python', needs(netcat, python), async () => {
    using dir = tempDir();
    const path = dir.file('s');
    await using adaptor = await RunningAdaptor.start([flag(path)]);
    pipeInto(path, ['-U', '-u', '-q', '0'], 'a:1|c|#by:nc\nb:2|g');
    send(path, '1*a:2|c|#by:python\n', '1*', '2*time:320|ms\nnope');
    await adaptor.waitFor('statsd_exporter_unixgram_packets_total', 5);
    expect([await adaptor.value('a{by="nc"}'), await adaptor.value('a{by="python"}')]).toEqual([1, 2]);
    expect([await adaptor.value('b'), await adaptor.value('time_count')]).toEqual([2, 2]);
    // as over UDP, the text after the last line feed is a line, and so is an empty datagram
    expect(await adaptor.value('statsd_exporter_lines_total')).toBe(9);
    expect(await adaptor.value('statsd_exporter_udp_packets_total')).toBe(0);
  });

  it('makes a fast sender wait instead of losing datagrams', needs(python), async () => {
    using dir = tempDir();
    await using adaptor = await RunningAdaptor.start([flag(dir.file('s'))]);
    send(dir.file('s'), '50000*a:1|c\nb:1|c|#x:y');
    await adaptor.waitFor('a', 50_000);
    expect(await adaptor.value('b{x="y"}')).toBe(50_000);
  });

  it(
    'takes up to 65,535 bytes of a datagram; it drops the cut line and counts the cut',
    needs(python),
    async () => {
      using dir = tempDir();
      await using adaptor = await RunningAdaptor.start([flag(dir.file('s'))]);
      const line = 'a:1|c\n';
      send(dir.file('s'), `1*${line.repeat(10_922)}a:1`, `1*${line.repeat(10_922)}b:12|g\n`);
      await adaptor.waitFor('a', 21_844);
      expect(await adaptor.value('b')).toBeUndefined();
      expect(await adaptor.value('statsd_adaptor_unixgram_cut_packets_total')).toBe(1);
      expect(
        await adaptor.value('statsd_exporter_sample_errors_total{reason="not_enough_parts_after_colon"}'),
      ).toBe(1);
    },
  );

  it('can be abstract', needs(python), async () => {
    const path = `@statsd-adaptor-${process.pid}`;
    await using adaptor = await RunningAdaptor.start([flag(path)]);
    send(path, '1*a:1|c');
    await adaptor.waitFor('a', 1);
  });
});

describe('the unix stream socket', () => {
  it('takes lines from nc, the last without a line feed', needs(netcat), async () => {
    using dir = tempDir();
    await using adaptor = await RunningAdaptor.start([`--statsd.listen-unixstream=${dir.file('s')}`]);
    pipeInto(dir.file('s'), ['-U', '-N'], 'a:1|c\r\na:2|c\nb:1|g');
    await adaptor.waitFor('a', 3);
    expect(await adaptor.value('b')).toBe(1);
    expect(await adaptor.value('statsd_adaptor_unix_connections_total')).toBe(1);
    expect(await adaptor.value('statsd_exporter_tcp_connections_total')).toBe(0);
    pipeInto(dir.file('s'), ['-U', '-N'], 'x'.repeat(5000));
    await adaptor.waitFor('statsd_adaptor_unix_too_long_lines_total', 1);
  });
});

describe.each([
  ['unixgram', '--statsd.listen-unixgram'],
  ['unix', '--statsd.listen-unixstream'],
])('the file of the %s socket', (protocol, flag) => {
  const only = ['--statsd.listen-udp=', '--statsd.listen-tcp=', '--web.listen-address=127.0.0.1:0'];

  it('has the configured permissions, 755 by default, and is removed at shutdown', async () => {
    using dir = tempDir();
    for (const [asked, mode] of [
      [[], 0o755],
      [['--statsd.unixsocket-mode=0777'], 0o777],
      [['--statsd.unixsocket-mode=600'], 0o600],
    ] as const) {
      await using program = runAdaptor([`${flag}=${dir.file('s')}`, ...asked, ...only]);
      await program.waitForLog('listening', { where: ({ path }) => path === dir.file('s') });
      await program.waitForLog('started');
      expect(statSync(dir.file('s')).mode & 0o777).toBe(mode);
      expect(await program.stop()).toEqual({ code: 0, signal: null });
      expect(existsSync(dir.file('s'))).toBe(false);
    }
  });

  it('keeps its permissions if the mode is invalid, with a warning', async () => {
    using dir = tempDir();
    await using program = runAdaptor([`${flag}=${dir.file('s')}`, '--statsd.unixsocket-mode=rwx', ...only]);
    await program.waitForLog('started');
    expect(await program.waitForLog('invalid --statsd.unixsocket-mode ignored')).toMatchObject({
      level: 'warn',
    });
    expect(lstatSync(dir.file('s')).isSocket()).toBe(true);
  });

  it('is replaced when a killed process left it', async () => {
    using dir = tempDir();
    await using killed = runAdaptor([`${flag}=${dir.file('s')}`, ...only]);
    await killed.waitForLog('started');
    await killed.stop('SIGKILL');
    expect(existsSync(dir.file('s'))).toBe(true);
    await using program = runAdaptor([`${flag}=${dir.file('s')}`, ...only]);
    await program.waitForLog('listening', { where: (line) => line['protocol'] === protocol });
  });

  it.each([
    ['another process is listening on it', (path: string) => runAdaptor([`${flag}=${path}`, ...only])],
    ['another process is listening on it', (path: string) => runAdaptor([`${other(flag)}=${path}`, ...only])],
  ])('is not replaced, with exit code 1, while %s %#', async (reason, start) => {
    using dir = tempDir();
    await using living = start(dir.file('s'));
    await living.waitForLog('started');
    await using program = runAdaptor([`${flag}=${dir.file('s')}`, ...only]);
    expect((await program.ended).code).toBe(1);
    expect(program.log.at(-1)).toMatchObject({
      code: 'listen-failed',
      msg: `cannot listen on ${protocol} ${dir.file('s')}: ${reason}`,
    });
    expect(existsSync(dir.file('s'))).toBe(true);
  });

  it('is not replaced, with exit code 1, if it is not a socket', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('s'), 'precious');
    await using program = runAdaptor([`${flag}=${dir.file('s')}`, ...only]);
    expect((await program.ended).code).toBe(1);
    expect(program.log.at(-1)).toMatchObject({
      msg: expect.stringContaining('the existing file is not a socket'),
    });
    expect(statSync(dir.file('s')).size).toBe(8);
  });
});

const other = (flag: string) =>
  flag.endsWith('gram') ? '--statsd.listen-unixstream' : '--statsd.listen-unixgram';
