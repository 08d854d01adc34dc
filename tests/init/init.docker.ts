import { eventually } from '@pod-patterns/kit/testing/eventually';
import { describe, expect, it } from 'vitest';
import { goldenPod, type PodManifest } from '../manifests/manifests.ts';
import { makeNetwork, RunningPod, RunningService } from '../manifests/run-pod.ts';

/** The rendered k8s/patterns/init: the classic pod and the same with wait-for, with the real busybox and nginx. */
const classic = goldenPod('k8s/patterns/init', 'myapp-pod');
const waiting = goldenPod('k8s/patterns/init', 'myapp');
const myservice = goldenPod('k8s/patterns/init', 'myservice');

const search = ['pattern-init.svc.cluster.local', 'svc.cluster.local', 'cluster.local'];
const serviceNames = ['myservice', 'myservice.pattern-init.svc.cluster.local'];
const podName = 'myservice-pod';

/** The Service exists, with or without a pod behind it. */
const createService = (network: string) =>
  new RunningService(network, serviceNames, { port: 80, target: `${podName}:8080` });

const initOf = ({ spec }: PodManifest) => {
  const [container] = spec.initContainers ?? [];
  if (container === undefined) throw new Error('no init container');
  return container;
};

describe('the classic pod with nslookup', () => {
  it('starts when the name of the Service resolves, although nothing answers there', async () => {
    using network = makeNetwork();
    using _service = createService(network.name);
    await using pod = await RunningPod.start(classic, { network: network.name, search });
    expect(pod.logs('init-myservice')).toContain('myservice.pattern-init.svc.cluster.local');
    expect(await (await fetch(pod.url(8080))).text()).toBe('this is myapp-pod\n');
    expect(() => pod.inside('wget -q -O - -T 5 http://myservice/')).toThrow();
  });

  it('never starts with the short name: busybox asks every domain of the search list', async () => {
    using network = makeNetwork();
    using _service = createService(network.name);
    await using pod = await RunningPod.start(classic, {
      network: network.name,
      search,
      before: 'init-myservice',
    });
    const init = initOf(classic);
    const command = init.command?.map((word) => word.replace(/myservice\.\S+cluster\.local/, 'myservice'));
    const started = pod.startContainer({ ...init, ...(command && { command }) }, true);
    started.catch(() => 'it is killed at the end of the test');
    await eventually(() => pod.logs('init-myservice').includes('waiting for myservice'));
    expect(pod.logs('init-myservice')).toMatch(
      /Name:\s+myservice\.pattern-init\.svc\.cluster\.local\nAddress/,
    );
    expect(pod.logs('init-myservice')).toContain("can't find myservice.svc.cluster.local");
  });

  it('ignores the signal to stop', async () => {
    using network = makeNetwork();
    await using pod = await RunningPod.start(classic, {
      network: network.name,
      search,
      before: 'init-myservice',
    });
    const started = pod.startContainer(initOf(classic), true);
    started.catch(() => 'it is killed below');
    await eventually(() => pod.logs('init-myservice').includes('waiting for myservice'));
    expect(pod.stopContainer('init-myservice', 3)).toBe(137); // SIGKILL, when the grace period is over
  });
});

describe('the same pod with wait-for', () => {
  it('waits until the Service answers, says what it waits for, and then starts', async () => {
    using network = makeNetwork();
    await using pod = await RunningPod.start(waiting, { network: network.name, search, before: 'wait-for' });
    const [wait, ...apps] = [initOf(waiting), ...waiting.spec.containers];
    const ended = pod.startContainer(wait, true);
    ended.catch(() => 'told where it is awaited');
    await eventually(() => /myservice.*dns-/.test(pod.logs('wait-for')), { timeoutMs: 30_000 });

    using _service = createService(network.name);
    await eventually(() => /myservice.*(refused|reset|failed)/.test(pod.logs('wait-for')), {
      timeoutMs: 60_000,
    });

    await using _behind = await RunningPod.start(myservice, { network: network.name, names: [podName] });
    await ended;
    for (const container of apps) await pod.startContainer(container);
    expect(await (await fetch(pod.url(8080))).text()).toBe('this is myapp\n');
  });

  it('ends at once at the signal to stop', async () => {
    using network = makeNetwork();
    await using pod = await RunningPod.start(waiting, { network: network.name, search, before: 'wait-for' });
    const ended = pod.startContainer(initOf(waiting), true);
    ended.catch(() => 'it is stopped below');
    await eventually(() => pod.logs('wait-for').includes('myservice'));
    expect(pod.stopContainer('wait-for', 20)).toBe(143);
  });
});
