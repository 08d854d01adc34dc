import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { installed, type Need, needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { StatsD } from 'hot-shots';
import { describe, expect, it } from 'vitest';
import { RunningAdaptor } from '../testing/running.ts';

/** Debian's own Python, which has Debian's modules. */
const python = installed('python3', ['/usr/bin/python3']);
const pythonStatsd: Need = {
  name: 'python3-statsd',
  isMet: python.isMet && spawnSync(python.path, ['-c', 'import statsd']).status === 0,
};

describe('hot-shots, a DogStatsD client,', () => {
  const use = async (client: StatsD, adaptor: RunningAdaptor) => {
    client.increment('page.views', 2, { page: 'home', user: 'ä' });
    client.gauge('in.flight', 7);
    client.gaugeDelta('in.flight', -2);
    client.timing('request', 250);
    client.histogram('size', 10);
    client.distribution('size', 20);
    client.set('visitors', 'ann');
    client.event('deployed', 'version 2');
    client.check('db', client.CHECKS.OK);
    await new Promise<void>((done, fail) => client.close((error) => (error ? fail(error) : done())));
    await adaptor.waitFor('statsd_adaptor_dogstatsd_service_checks_total', 1);
    expect(await adaptor.value('page_views{page="home",user="ä"}')).toBe(2);
    expect([await adaptor.value('in_flight'), await adaptor.value('visitors')]).toEqual([5, 1]);
    expect([await adaptor.value('size_sum'), await adaptor.value('request_sum')]).toEqual([30, 0.25]);
    expect(await adaptor.value('statsd_adaptor_dogstatsd_events_total')).toBe(1);
    const errors = (await adaptor.scrape())
      .split('\n')
      .filter((line) => /^statsd_exporter_.*_errors?_total\{/.test(line));
    expect(errors).toEqual([]);
  };

  it('is understood over UDP', async () => {
    await using adaptor = await RunningAdaptor.start();
    await use(new StatsD({ host: '127.0.0.1', port: adaptor.udpPort }), adaptor);
  });

  it('is understood on the unix stream socket', async () => {
    using dir = tempDir();
    await using adaptor = await RunningAdaptor.start([`--statsd.listen-unixstream=${dir.file('s')}`]);
    const stream = connect(dir.file('s'));
    await once(stream, 'connect');
    await use(new StatsD({ protocol: 'stream', stream }), adaptor);
  });
});

it("Python's statsd is understood on the unix stream socket", needs(pythonStatsd), async () => {
  using dir = tempDir();
  await using adaptor = await RunningAdaptor.start([`--statsd.listen-unixstream=${dir.file('s')}`]);
  const script = `
import statsd, sys
client = statsd.UnixSocketStatsClient(sys.argv[1])
client.incr('jobs', 3)
client.gauge('depth', 4)
client.gauge('depth', -1, delta=True)
client.timing('job', 320)
client.set('workers', 'a')
client.close()
`;
  const { status, stderr } = spawnSync(python.path, ['-c', script, dir.file('s')], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  await adaptor.waitFor('workers', 1);
  expect([await adaptor.value('jobs'), await adaptor.value('depth')]).toEqual([3, 3]);
  expect(await adaptor.value('job_sum')).toBe(0.32);
});
