import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { docker, imageOf } from '../../tests/images/docker.ts';
import { containersOf, goldenPod } from '../../tests/manifests/manifests.ts';
import { makeNetwork, RunningPod } from '../../tests/manifests/run-pod.ts';
import { type Row, report } from '../report.ts';
import { containerCost } from './container-cost.ts';

/**
 * Measures each container of k8s/overlays/kind under the limits of its manifest, with logs on disk: working set idle
 * and under load, and CPU time per thousand page loads, each of which passes through all containers. One page of
 * pod-page is open all the time.
 */
const loadSeconds = Number(process.env['BENCH_SECONDS'] ?? 30);
const idleSeconds = 10;
const sampleEveryMs = 250;
const clients = 32;

if (docker('image', 'inspect', imageOf('web')).status !== 0) {
  console.log('pod: left out: it needs a Docker engine with the images of `make images`');
  process.exit();
}
const web = goldenPod('k8s/overlays/kind', 'web');
const redisPod = goldenPod('k8s/overlays/kind', 'redis');

await using resources = new AsyncDisposableStack();
const network = resources.use(makeNetwork()).name;
const pod = resources.use(await RunningPod.start(web, { network, before: 'wait-for', onDisk: true }));
const [init, ...later] = containersOf(web);
if (init === undefined) throw new Error('the pod has no containers');
const ended = pod.startContainer(init.container, true);
const waiting = await costs([`${pod.id}-wait-for`], idleSeconds);
const names = ['redis.pod-patterns.svc'];
const redis = resources.use(await RunningPod.start(redisPod, { network, names }));
await ended;
for (const { container } of later) await pod.startContainer(container);

const ids = [`${redis.id}-redis`, ...later.map(({ container }) => `${pod.id}-${container.name}`)];
await eventually(async () => (await fetch(pod.url(8080))).ok);
resources.use(openPicture());
const idle = await costs(ids, idleSeconds);
let views = 0;
const [loaded] = await Promise.all([costs(ids, loadSeconds), load(pod.url(8080))]);
const rows = [...waiting, ...idle].map(({ id, name, ...idleCost }): Row => {
  const load = loaded.find((cost) => cost.id === id);
  return {
    container: name,
    'idle working set, MiB': Math.round(idleCost.lastMiB),
    'peak working set, MiB': Math.round(Math.max(idleCost.peakMiB, load?.peakMiB ?? 0)),
    'idle CPU %': Number(((idleCost.cpuSeconds / idleSeconds) * 100).toFixed(1)),
    'CPU s per 1,000 views': load === undefined ? '–' : Number(((load.cpuSeconds / views) * 1000).toFixed(3)),
  };
});
report('pod', rows);
console.log(`${Math.round(views / loadSeconds)} page views/s by ${clients} clients for ${loadSeconds} s`);

/** Reads the picture from inside the pod, like a browser with a forwarded port. */
function openPicture(): Disposable {
  const read = ['wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:8090/picture'];
  const network = `--network=container:${pod.id}-sandbox`;
  docker('run', '--detach', '--name', `${pod.id}-viewer`, network, 'busybox:1.36', ...read);
  return { [Symbol.dispose]: () => void docker('rm', '--force', `${pod.id}-viewer`) };
}

/** Watches containers for some seconds. */
async function costs(containers: readonly string[], seconds: number) {
  const deadline = performance.now() + seconds * 1000;
  const watched = containers.map(async (id) => {
    const first = await containerCost(id);
    let last = first;
    let peakMiB = first.workingSetMiB;
    while (performance.now() < deadline) {
      await delay(sampleEveryMs);
      last = await containerCost(id);
      peakMiB = Math.max(peakMiB, last.workingSetMiB);
    }
    const cpuSeconds = last.cpuSeconds - first.cpuSeconds;
    const name = id.replace(/^pod-[^-]+-/, '');
    return { id, name, lastMiB: last.workingSetMiB, peakMiB, cpuSeconds };
  });
  return await Promise.all(watched);
}

/** Each client makes page views one by one. */
async function load(url: string): Promise<void> {
  const deadline = performance.now() + loadSeconds * 1000;
  const client = async () => {
    while (performance.now() < deadline) {
      const answer = await fetch(url);
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`page view: ${answer.status}`);
      views++;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}
