import { eventually } from '@pod-patterns/kit/testing/eventually';
import { expect, it } from 'vitest';
import { containersOf, goldenPod } from './manifests.ts';
import { makeNetwork, RunningPod } from './run-pod.ts';

/** Workloads of somebody else with all four helpers, as rendered, with the real images. */

const folder = 'tests/manifests/helpers/all';
const lines = 100;

const recordsOf = (pod: RunningPod): ReadonlyArray<{ line?: number; counted?: string; message?: string }> =>
  pod
    .stdout('log-shipper')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const ended = (app: string, code = 0) => [
  { name: app, code },
  { name: 'redis-ambassador', code: 0 },
  { name: 'statsd-adaptor', code: 0 },
  { name: 'log-shipper', code: 0 },
];

async function startCache(network: string): Promise<RunningPod> {
  return RunningPod.start(goldenPod(folder, 'cache'), { network, names: ['cache'] });
}

it('nginx: every access log line is shipped, including the last one', async () => {
  using network = makeNetwork();
  await using _cache = await startCache(network.name);
  await using pod = await RunningPod.start(goldenPod(folder, 'web'), { network: network.name });
  expect((await fetch(pod.url(8080, '/asked'))).status).toBe(200);
  expect(await pod.stop()).toEqual(ended('nginx'));
  expect(recordsOf(pod).filter(({ message }) => message?.includes('GET /asked '))).toHaveLength(1);
});

it('StatefulSet: a program that only uses localhost gets replies from Redis, metrics and shipped logs', async () => {
  using network = makeNetwork();
  await using _cache = await startCache(network.name);
  await using pod = await RunningPod.start(goldenPod(folder, 'ledger'), { network: network.name });
  await eventually(
    async () => (await (await fetch(pod.url(9102, '/metrics'))).text()).includes(`work_lines ${lines}\n`),
    { timeoutMs: 60_000 },
  );
  expect(await pod.stop()).toEqual(ended('work'));
  expectAll(pod);
});

it.each(['report', 'nightly'])(
  'Job and CronJob: %s ends by itself, with all lines, metrics and data delivered',
  async (name) => {
    using network = makeNetwork();
    await using _cache = await startCache(network.name);
    const manifest = goldenPod(folder, name);
    const [work] = containersOf(manifest).slice(-1);
    if (work === undefined) throw new Error(`${name} has no container`);
    await using pod = await RunningPod.start(manifest, { network: network.name, before: 'work' });
    // it ends, as an init container does
    await pod.startContainer(work.container, true);
    expect(await pod.stop()).toEqual(ended('work'));
    expectAll(pod);
  },
);

function expectAll(pod: RunningPod): void {
  const expected = Array.from({ length: lines }, (_, index) => ({
    line: index + 1,
    counted: `:${index + 1}`,
  }));
  expect(recordsOf(pod).map(({ line, counted }) => ({ line, counted }))).toEqual(expected);
}
