import { eventually } from '@pod-patterns/kit/testing/eventually';
import { expect, it } from 'vitest';
import { containersOf, goldenPod } from './manifests.ts';
import { makeNetwork, RunningPod } from './run-pod.ts';

/** The promises of each pattern's README, with the rendered pattern and the real images. */

interface Order {
  readonly msg: string;
  readonly order: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: Readonly<Record<string, string>>;
}

const recordsOf = (pod: RunningPod): Order[] =>
  pod
    .stdout('log-shipper')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

it('sidecar: each line is shipped, through a crash of the shipper and a rotation, including the last one', async () => {
  using network = makeNetwork();
  await using pod = await RunningPod.start(goldenPod('k8s/patterns/sidecar', 'sidecar'), {
    network: network.name,
  });
  await eventually(() => recordsOf(pod).length >= 2, { timeoutMs: 30_000 });
  const [first] = recordsOf(pod);
  expect(first).toMatchObject({
    msg: 'accepted',
    order: 1,
    labels: { team: 'payments' },
    pod: { name: 'sidecar', namespace: 'pattern-sidecar', node: 'docker' },
  });

  pod.kill('log-shipper');
  pod.exec('app', 'mv', '/var/log/app/app.log', '/var/log/app/app.log.1');
  await pod.restart('log-shipper');
  const before = recordsOf(pod).length;
  await eventually(() => recordsOf(pod).length > before + 2, { timeoutMs: 30_000 });

  expect(await pod.stop()).toEqual([
    { name: 'app', code: 0 },
    { name: 'log-shipper', code: 0 },
  ]);
  const records = recordsOf(pod);
  const accepted = new Set(records.filter(({ msg }) => msg === 'accepted').map(({ order }) => order));
  const last = records.at(-1);
  expect(last?.msg).toBe('stopped');
  expect([...accepted].sort((a, b) => a - b)).toEqual(
    Array.from({ length: last?.order ?? 0 }, (_, index) => index + 1),
  );
});

it('adaptor: page views sent as StatsD appear at /metrics, and probes are not counted', async () => {
  using network = makeNetwork();
  await using pod = await RunningPod.start(goldenPod('k8s/patterns/adaptor', 'adaptor'), {
    network: network.name,
  });
  for (const path of ['/', '/about', '/about', '/healthz', '/no/such/page']) await fetch(pod.url(8080, path));
  await eventually(async () => {
    const metrics = await (await fetch(pod.url(9102, '/metrics'))).text();
    const views = metrics.split('\n').filter((line) => line.startsWith('web_page_views'));
    return (
      views.includes('web_page_views{page="home"} 2') && views.includes('web_page_views{page="about"} 2')
    );
  });
  expect(await pod.stop()).toEqual([
    { name: 'web', code: 0 },
    { name: 'statsd-adaptor', code: 0 },
  ]);
});

it('ambassador: the app uses localhost, the ambassador logs in, and reconnects after Redis was down', async () => {
  using network = makeNetwork();
  const redisManifest = goldenPod('k8s/patterns/ambassador', 'redis');
  await using redis = await RunningPod.start(redisManifest, { network: network.name, names: ['redis'] });
  const manifest = goldenPod('k8s/patterns/ambassador', 'ambassador');
  await using pod = await RunningPod.start(manifest, { network: network.name });
  const view = () => fetch(pod.url(8080, '/api/views/home'), { method: 'POST' });

  expect(await (await view()).json()).toEqual({ page: 'home', views: 1 });
  const ask = 'REDISCLI_AUTH="$(cat /run/secrets/users/app/password)" redis-cli --user app';
  expect(redis.exec('redis', 'sh', '-c', `${ask} hget views home`).stdout).toBe('1');
  expect(redis.exec('redis', 'sh', '-c', `${ask} flushall`).stdout).toContain('NOPERM');
  expect(redis.exec('redis', 'redis-cli', 'ping').stdout).toContain('NOAUTH');

  redis.kill('redis');
  const away = await view();
  expect([away.status, away.headers.get('content-type')]).toEqual([
    503,
    expect.stringContaining('application/problem+json'),
  ]);
  await redis.restart('redis');
  await eventually(async () => (await view()).status === 200, { timeoutMs: 30_000 });

  expect(await pod.stop()).toEqual([
    { name: 'web', code: 0 },
    { name: 'redis-ambassador', code: 0 },
  ]);
});

it.each(['report', 'hourly-report'])(
  'job: the run ends, then the shipper, which has shipped the last line: %s',
  async (name) => {
    using network = makeNetwork();
    const manifest = goldenPod('k8s/patterns/job', name);
    await using pod = await RunningPod.start(manifest, { network: network.name, before: 'report' });
    const report = containersOf(manifest).find(({ container }) => container.name === 'report')?.container;
    // it ends by itself, as an init container does
    if (report !== undefined) await pod.startContainer(report, true);
    expect(pod.stopContainer('log-shipper', 15)).toBe(0);
    const counted = recordsOf(pod).filter(({ msg }) => msg === 'counted');
    expect(counted.map(({ order }) => order)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
    expect(recordsOf(pod).at(-1)?.msg).toBe('report complete');
  },
);
