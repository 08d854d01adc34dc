import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Status } from '../src/expose/status.ts';
import { expositionFaults } from '../testing/exposition-faults.ts';
import { RunningAdaptor, runAdaptor } from '../testing/running.ts';

describe('StatsD in, Prometheus out', () => {
  it('takes lines over UDP', async () => {
    await using adaptor = await RunningAdaptor.start();
    await adaptor.send(
      'page.views:1|c|#page:home\npage.views:2|c|#page:home',
      'in.flight:3|g',
      'time:320|ms',
      'who:ann|s',
    );
    await adaptor.waitFor('statsd_exporter_lines_total', 5);
    const text = await adaptor.scrape();
    for (const line of [
      'page_views{page="home"} 3',
      'in_flight 3',
      'time_sum 0.32',
      'time{quantile="0.99"} 0.32',
      'who 1',
    ]) {
      expect(text).toContain(`\n${line}\n`);
    }
    expect(text).toContain('\nstatsd_exporter_udp_packets_total 4\n');
    expect(expositionFaults(text)).toEqual([]);
  });

  it('takes lines over TCP, the last without a line feed', async () => {
    await using adaptor = await RunningAdaptor.start();
    await adaptor.sendStream('a:1|c\r\na:2|', 'c\nb:1|g\n', 'a:3|c');
    await adaptor.waitFor('a', 6);
    expect(await adaptor.value('b')).toBe(1);
    expect(await adaptor.value('statsd_exporter_tcp_connections_total')).toBe(1);
    expect(await adaptor.value('statsd_exporter_lines_total')).toBe(4);
  });

  it('loses nothing of a fast TCP sender', async () => {
    await using adaptor = await RunningAdaptor.start();
    const piece = Array.from({ length: 10_000 }, (_, at) => `requests:1|c|#route:r${at % 500}\n`).join('');
    await Promise.all(Array.from({ length: 4 }, () => adaptor.sendStream(...Array<string>(25).fill(piece))));
    await adaptor.waitFor('statsd_exporter_lines_total', 1_000_000);
    expect(await adaptor.value('requests{route="r7"}')).toBe(2000);
  });

  it('closes a connection whose line is too long, and keeps the lines before it', async () => {
    await using adaptor = await RunningAdaptor.start();
    await adaptor.sendStream(`a:1|c\n${'x'.repeat(5000)}`).catch(() => {});
    await adaptor.waitFor('statsd_exporter_tcp_too_long_lines_total', 1);
    expect(await adaptor.value('a')).toBe(1);
    await adaptor.sendStream('a:1|c\n');
    await adaptor.waitFor('a', 2);
  });

  it('refuses connections beyond its limit, and counts them', async () => {
    await using adaptor = await RunningAdaptor.start(['--statsd.tcp-max-connections=1']);
    const first = await adaptor.connect();
    const second = await adaptor.connect();
    second.on('error', () => {});
    await adaptor.waitFor('statsd_adaptor_tcp_connections_refused_total', 1);
    first.destroy();
    second.destroy();
  });
});

describe('the relay', () => {
  it('forwards a copy of every line, including malformed ones', async () => {
    await using target = await RunningAdaptor.start();
    const { address } = await target.program.waitForLog('listening', {
      where: ({ protocol }) => protocol === 'udp',
    });
    await using adaptor = await RunningAdaptor.start([
      `--statsd.relay.address=${address}`,
      '--statsd.relay.packet-length=40',
    ]);
    await adaptor.send('a:1|c\nnope\n\nb:2|g|#x:y', `${'long'.repeat(20)}:1|c`);
    await adaptor.sendStream('c:3|c\n');
    await target.waitFor('c', 3);
    expect([await target.value('a'), await target.value('b{x="y"}')]).toEqual([1, 2]);
    expect(await target.value('statsd_exporter_sample_errors_total{reason="malformed_line"}')).toBe(1);
    expect(await adaptor.value(`statsd_exporter_relay_lines_relayed_total{target="${address}"}`)).toBe(4);
    expect(await adaptor.value(`statsd_exporter_relay_long_lines_total{target="${address}"}`)).toBe(1);
  });
});

describe('input of any kind', () => {
  it('neither ends the process nor breaks the exposition', async () => {
    await using adaptor = await RunningAdaptor.start();
    const garbage = Array.from({ length: 300 }, (_, at) => {
      const bytes = new Uint8Array(at * 5);
      crypto.getRandomValues(bytes);
      return bytes;
    });
    const killers = [
      'a]b=c[d:1|c',
      'x:1|ms|#quantile:1',
      'y:1|c|#__name__:z',
      '#a=b:1|c',
      'z:1|ms\nz_count:1|ms',
      'go_goroutines:1|g',
    ];
    const own = [
      'statsd_exporter_lines_total:1|c',
      'process_cpu_seconds_total:1|g',
      'nodejs_gc_duration_seconds_sum:1|g',
    ];
    await adaptor.send(...killers, ...own, 'w:1|ms|@1e-9', ...garbage);
    await adaptor.sendStream(...garbage.slice(0, 100)).catch(() => {});
    await adaptor.send('after:1|c');
    await adaptor.waitFor('after', 1);
    const text = await adaptor.scrape();
    expect(expositionFaults(text)).toEqual([]);
    expect(await adaptor.value('statsd_adaptor_internal_errors_total')).toBe(0);
    expect(text).toContain('events_conflict_total{metric_name="process_cpu_seconds_total",type="gauge"} 1');
  });
});

describe('the admin port', () => {
  let adaptor: RunningAdaptor;
  beforeAll(async () => {
    adaptor = await RunningAdaptor.start();
  });
  afterAll(() => adaptor[Symbol.asyncDispose]());

  it.each([
    ['GET', '/-/healthy', 200, 'Statsd Exporter is Healthy.\n'],
    ['POST', '/-/healthy', 200, ''],
    ['GET', '/-/ready', 200, 'Statsd Exporter is Ready.\n'],
    ['GET', '/livez', 200, 'ok\n'],
    ['GET', '/readyz', 200, '{"ready":true,"reasons":{}}\n'],
    ['GET', '/-/reload', 404, 'not found\n'],
    ['POST', '/-/quit', 404, 'not found\n'],
    ['GET', '/nope', 404, 'not found\n'],
  ])('answers %s %s with %d', async (method, path, status, body) => {
    const response = await fetch(adaptor.url + path, { method });
    expect([response.status, await response.text()]).toEqual([status, body]);
  });

  it('names its paths at /', async () => {
    const text = await (await fetch(`${adaptor.url}/`)).text();
    for (const path of [
      '/metrics',
      '/status',
      '/debug/recent',
      '/-/healthy',
      '/-/ready',
      '/livez',
      '/readyz',
    ])
      expect(text).toContain(path);
  });

  it('shows key figures at /status', async () => {
    await adaptor.send('a:1|c\nnope');
    await adaptor.waitFor('a', 1);
    const status = (await (await fetch(`${adaptor.url}/status`)).json()) as Status; // its own form
    expect(status).toMatchObject({
      linesTotal: 2,
      series: 1,
      errors: { samples: { malformed_line: 1 }, events: {}, tags: 0, conflicts: 0 },
      drops: { kernel: 0, seriesLimit: 0, tooLongLines: 0 },
      memory: { kind: 'RSS', bytes: expect.any(Number) },
    });
    expect(status.sockets[0]?.receiveBufferBytes).toBeGreaterThan(0);
  });

  it('shows recent faulty lines at /debug/recent', async () => {
    await using other = await RunningAdaptor.start();
    await other.send('b:1|c\nb:x|c\nb:2|zz|#k:v');
    await other.waitFor('b', 1);
    const recent = await (await fetch(`${other.url}/debug/recent`)).json();
    expect(recent).toMatchObject({
      counts: { malformed_value: 1, illegal_event: 1 },
      lines: [
        { reason: 'illegal_event', line: 'b:2|zz|#k:v', meaning: expect.stringContaining('unknown type') },
        { reason: 'malformed_value', line: 'b:x|c', meaning: 'the value is not a number' },
      ],
    });
    await other.program.stop();
    expect(other.program.log).toContainEqual(
      expect.objectContaining({
        msg: 'faulty lines',
        reasons: { malformed_value: 1, illegal_event: 1 },
      }),
    );
  });

  it('is found by --probe', async () => {
    await using probe = runAdaptor(['--probe', 'ready', `--web.listen-address=${new URL(adaptor.url).host}`]);
    expect((await probe.ended).code).toBe(0);
  });

  it('serves the exposition on another path if configured', async () => {
    await using other = await RunningAdaptor.start(['--web.telemetry-path=/x/y']);
    expect((await fetch(`${other.url}/x/y`)).status).toBe(200);
  });
});

describe('the mapping file', () => {
  const rule = (name: string) => `mappings: [{ match: "a.*", name: ${name}, labels: { what: $1 } }]\n`;

  it('is used, and read again at SIGHUP', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('m.yml'), rule('before'));
    await using adaptor = await RunningAdaptor.start([`--statsd.mapping-config=${dir.file('m.yml')}`]);
    await adaptor.send('a.x:1|c');
    await adaptor.waitFor('before{what="x"}', 1);
    writeFileSync(dir.file('m.yml'), rule('after'));
    adaptor.program.process.kill('SIGHUP');
    await adaptor.program.waitForLog('mapping reloaded');
    await adaptor.send('a.x:1|c');
    await adaptor.waitFor('after{what="x"}', 1);
    expect(await adaptor.value('before{what="x"}')).toBe(1);
    expect(await adaptor.value('statsd_exporter_config_reloads_total{outcome="success"}')).toBe(1);
    expect(await adaptor.value('statsd_exporter_loaded_mappings')).toBe(1);
  });

  it('is read again on request over HTTP; one with faults changes nothing', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('m.yml'), rule('before'));
    await using adaptor = await RunningAdaptor.start([
      `--statsd.mapping-config=${dir.file('m.yml')}`,
      '--web.enable-lifecycle',
    ]);
    writeFileSync(dir.file('m.yml'), 'mappings: [{ match: a, nam: b }]');
    expect(await (await fetch(`${adaptor.url}/-/reload`, { method: 'POST' })).text()).toBe(
      'Requesting reload',
    );
    expect(await (await fetch(`${adaptor.url}/-/reload`)).text()).toBe('');
    expect(await adaptor.value('statsd_exporter_config_reloads_total{outcome="failure"}')).toBe(1);
    const { faults } = await adaptor.program.waitForLog('mapping not reloaded');
    expect(faults).toContainEqual(expect.stringContaining('unknown field "nam" (did you mean name?)'));
    await adaptor.send('a.x:1|c');
    await adaptor.waitFor('before{what="x"}', 1);
  });

  it('in a mounted ConfigMap is read again when the kubelet changes it; a metric has its hash', async () => {
    using dir = tempDir();
    const set = (version: string, text: string) => {
      mkdirSync(dir.file(`..${version}`));
      writeFileSync(dir.file(`..${version}/m.yml`), text);
      symlinkSync(`..${version}`, dir.file('..data_tmp'));
      renameSync(dir.file('..data_tmp'), dir.file('..data'));
    };
    const info = (text: string) =>
      `statsd_adaptor_mapping_info{sha256="${createHash('sha256').update(text).digest('hex')}"}`;
    set('1', rule('before'));
    symlinkSync('..data/m.yml', dir.file('m.yml'));
    await using adaptor = await RunningAdaptor.start([`--statsd.mapping-config=${dir.file('m.yml')}`]);
    expect(await adaptor.value(info(rule('before')))).toBe(1);
    set('2', rule('after'));
    await adaptor.waitFor(info(rule('after')), 1);
    set('3', 'nope: 1');
    await adaptor.waitFor('statsd_exporter_config_reloads_total{outcome="failure"}', 1);
    // the same text in another version is no change
    set('4', rule('after'));
    set('5', rule('last'));
    await adaptor.waitFor(info(rule('last')), 1);
    expect(await adaptor.value('statsd_exporter_config_reloads_total{outcome="success"}')).toBe(2);
    await adaptor.send('a.x:1|c');
    await adaptor.waitFor('last{what="x"}', 1);
  });

  it('with a ttl expires series', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('m.yml'), 'defaults: { ttl: 1s }');
    await using adaptor = await RunningAdaptor.start([`--statsd.mapping-config=${dir.file('m.yml')}`]);
    await adaptor.send('a:1|c');
    await adaptor.waitFor('statsd_adaptor_series_expired_total', 1);
    expect(await adaptor.value('a')).toBeUndefined();
    await adaptor.send('a:1|c');
    await adaptor.waitFor('a', 1);
  });

  it.each([
    [
      'that is bad',
      'defaults:\n  tll: 5s\nmappings:\n- match: a..b\n  name: x\n',
      ['line 2: defaults: unknown field "tll"', 'line 4: mappings[0].match: invalid match "a..b"'],
    ],
    ['that is no YAML', 'mappings: [', ['line 1: ']],
  ])('%s is refused with exit code 2 and one line per fault', async (_, text, faults) => {
    using dir = tempDir();
    writeFileSync(dir.file('m.yml'), text);
    for (const request of [[], ['--check-config']]) {
      await using program = runAdaptor([`--statsd.mapping-config=${dir.file('m.yml')}`, ...request]);
      expect((await program.ended).code).toBe(2);
      for (const fault of faults) expect(program.stderr.join('\n')).toContain(`m.yml": ${fault}`);
      expect(
        program.stderr.every((line) => line.startsWith('statsd-adaptor: --statsd.mapping-config ')),
      ).toBe(true);
    }
  });

  it('that is missing is refused with exit code 2', async () => {
    await using program = runAdaptor(['--statsd.mapping-config=/nowhere/m.yml']);
    expect((await program.ended).code).toBe(2);
    expect(program.stderr).toEqual([expect.stringContaining('"/nowhere/m.yml": ENOENT')]);
  });

  it('without faults passes --check-config', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('m.yml'), rule('x'));
    await using program = runAdaptor([`--statsd.mapping-config=${dir.file('m.yml')}`, '--check-config']);
    expect([(await program.ended).code, program.stdout]).toEqual([0, 'configuration is valid\n']);
  });
});

describe('the kernel', () => {
  it('drops datagrams that do not fit in the receive buffer, and they are counted', async () => {
    await using adaptor = await RunningAdaptor.start(['--statsd.read-buffer=4096']);
    const size = await adaptor.value(
      `statsd_adaptor_udp_receive_buffer_bytes{address="${await address(adaptor)}"}`,
    );
    expect(size).toBeLessThan(100_000);
    adaptor.program.process.kill('SIGSTOP');
    await adaptor.send(...Array<string>(500).fill(`a:1|c|#${'t:x,'.repeat(50)}`));
    adaptor.program.process.kill('SIGCONT');
    const drops = await eventually(async () => adaptor.value('statsd_exporter_udp_packet_drops_total'));
    await adaptor.waitFor('statsd_exporter_udp_packets_total', 500 - drops);
    expect(
      await adaptor.value(`statsd_adaptor_udp_kernel_drops_total{address="${await address(adaptor)}"}`),
    ).toBe(drops);
  });

  it('is asked for a large receive buffer', async () => {
    await using adaptor = await RunningAdaptor.start();
    const size = await adaptor.value(
      `statsd_adaptor_udp_receive_buffer_bytes{address="${await address(adaptor)}"}`,
    );
    expect(size).toBeGreaterThanOrEqual(212_992);
  });

  async function address(adaptor: RunningAdaptor): Promise<string> {
    const { address: found } = await adaptor.program.waitForLog('listening', {
      where: ({ protocol }) => protocol === 'udp',
    });
    return String(found);
  }
});

describe('the exit code', () => {
  it.each([['SIGTERM'], ['SIGINT']] as const)('is 0 after %s', async (signal) => {
    await using adaptor = await RunningAdaptor.start();
    const connection = await adaptor.connect();
    connection.on('error', () => {}).write('a:1|c\nunfinished');
    expect(await adaptor.program.stop(signal)).toEqual({ code: 0, signal: null });
  });

  it('is 0 after /-/quit', async () => {
    await using adaptor = await RunningAdaptor.start(['--web.enable-lifecycle']);
    const response = await fetch(`${adaptor.url}/-/quit`, { method: 'PUT' });
    expect(await response.text()).toBe('Requesting termination... Goodbye!');
    expect(await adaptor.program.ended).toEqual({ code: 0, signal: null });
  });

  it('is 2 if there is nothing to listen on', async () => {
    await using program = runAdaptor(['--statsd.listen-udp=', '--statsd.listen-tcp=']);
    expect((await program.ended).code).toBe(2);
    expect(program.stderr).toEqual([expect.stringContaining('expected at least one address')]);
  });

  it('is 1 if a port is taken', async () => {
    await using adaptor = await RunningAdaptor.start();
    const { address } = await adaptor.program.waitForLog('listening', {
      where: ({ protocol }) => protocol === 'udp',
    });
    await using program = runAdaptor([
      `--statsd.listen-udp=${address}`,
      '--statsd.listen-tcp=',
      '--web.listen-address=127.0.0.1:0',
    ]);
    expect((await program.ended).code).toBe(1);
    expect(program.log.at(-1)).toMatchObject({
      level: 'error',
      code: 'listen-failed',
      msg: expect.stringContaining(`cannot listen on udp ${address}`),
    });
  });
});
