import { readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { expositionFaults } from '../testing/exposition-faults.ts';
import { RunningAdaptor, runAdaptor } from '../testing/running.ts';

describe('a port without a host', () => {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const hasIpv6 = addresses.some(({ address }) => address === '::1');

  it.each([['127.0.0.1'], ...(hasIpv6 ? [['::1']] : [])])(
    'is reached at %s over UDP and TCP',
    async (host) => {
      const everywhere = ['--statsd.listen-udp=:0', '--statsd.listen-tcp=:0'];
      await using adaptor = await RunningAdaptor.start(everywhere, host);
      await adaptor.send('a:1|c');
      await adaptor.sendStream('a:2|c');
      await adaptor.waitFor('a', 3);
    },
  );
});

it('shows a page to a browser at /, and text to curl', async () => {
  await using adaptor = await RunningAdaptor.start();
  await adaptor.send('page.views:1|c\npage.views:1|c|#page:home');
  await adaptor.waitFor('page_views', 1);
  const text = await fetch(adaptor.url);
  expect([text.headers.get('content-type'), await text.text()]).toEqual([
    'text/plain; charset=utf-8',
    expect.stringContaining('page_views  counter  2\n'),
  ]);
  const page = await fetch(adaptor.url, { headers: { accept: 'text/html,*/*;q=0.8' } });
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  expect(await page.text()).toContain('<td>page_views</td><td>counter</td><td>2</td>');
});

describe('--web.own-metrics-path', () => {
  it('serves the own metrics, and /metrics no longer does', async () => {
    await using adaptor = await RunningAdaptor.start(['--web.own-metrics-path=/own']);
    await adaptor.send('page.views:1|c');
    await eventually(async () => (await adaptor.value('page_views')) === 1);
    const names = (text: string) => text.match(/(?<=^# TYPE )\S+/gm) ?? [];
    expect(names(await adaptor.scrape())).toEqual(['page_views']);
    const own = await (await fetch(`${adaptor.url}/own`)).text();
    expect(names(own)).toContain('statsd_exporter_lines_total');
    expect(names(own)).toContain('process_cpu_seconds_total');
    expect(names(own)).not.toContain('page_views');
    expect(expositionFaults(own)).toEqual([]);
  });

  it('is refused if it equals --web.telemetry-path', async () => {
    await using program = runAdaptor(['--web.own-metrics-path=/metrics']);
    expect((await program.ended).code).toBe(2);
    expect(program.stderr).toEqual([
      expect.stringContaining('expected a path other than --web.telemetry-path'),
    ]);
  });
});

describe('the mapping file', () => {
  it('is optional: an empty option, as charts render it, means none', async () => {
    await using program = runAdaptor(['--statsd.mapping-config=', '--check-config']);
    expect((await program.ended).code).toBe(0);
  });

  it('is drawn into the file of --debug.dump-fsm; a write failure is logged', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('m.yml'), 'mappings: [{ match: "a.*", name: x }]');
    const args = [`--statsd.mapping-config=${dir.file('m.yml')}`];
    await using adaptor = await RunningAdaptor.start([...args, `--debug.dump-fsm=${dir.file('globs.dot')}`]);
    await adaptor.program.waitForLog('glob tree written');
    expect(readFileSync(dir.file('globs.dot'), 'utf8')).toMatch(/^digraph .* \[label="1: x".*\}\n$/s);
    await using other = await RunningAdaptor.start([...args, '--debug.dump-fsm=/nowhere/globs.dot']);
    expect(await other.program.waitForLog('glob tree not written')).toMatchObject({ level: 'error' });
  });
});
