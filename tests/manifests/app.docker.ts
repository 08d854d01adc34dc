import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { SeenContainer } from '../pod/ask-pod.ts';
import { floodRedis } from './flood-redis.ts';
import { containersOf, goldenPod } from './manifests.ts';
import { makeNetwork, RunningPod } from './run-pod.ts';

/** k8s/overlays/kind as rendered: the whole pod and its Redis, run as a kubelet would, with the real images. */
const web = goldenPod('k8s/overlays/kind', 'web');
const redisPod = goldenPod('k8s/overlays/kind', 'redis');
const redisNames = ['redis.pod-patterns.svc'];

/** Our metrics, and those of Node.js, that k8s/components/monitoring uses. */
function metricsAskedFor(): string[] {
  const folder = join(import.meta.dirname, '../../k8s/components/monitoring');
  const { groups }: { groups: ReadonlyArray<{ rules: ReadonlyArray<{ expr: string }> }> } = parse(
    readFileSync(join(folder, 'pod-patterns.rules'), 'utf8'),
  );
  const { panels }: { panels: ReadonlyArray<{ targets?: ReadonlyArray<{ expr: string }> }> } = JSON.parse(
    readFileSync(join(folder, 'pod-patterns.dashboard'), 'utf8'),
  );
  const expressions = [
    ...groups.flatMap(({ rules }) => rules),
    ...panels.flatMap(({ targets = [] }) => targets),
  ];
  const names = expressions.flatMap(({ expr }) =>
    [...expr.matchAll(/\b(?:web|log_shipper|statsd_\w+?|redis_ambassador|process|nodejs)_\w+/g)].map(
      ([name]) => name,
    ),
  );
  return [...new Set(names)];
}

interface Access {
  readonly id: string;
  readonly page?: string;
}

describe('the app of the kind overlay', () => {
  const resources = new AsyncDisposableStack();
  let redis: RunningPod;
  let pod: RunningPod;
  const ids: string[] = [];

  beforeAll(async () => {
    const network = resources.use(makeNetwork()).name;
    pod = resources.use(await RunningPod.start(web, { network, before: 'wait-for' }));
    const [wait, ...later] = containersOf(web);
    const waited = wait && pod.startContainer(wait.container, true);
    await eventually(() => pod.logs('wait-for').includes('redis'), { timeoutMs: 30_000 });
    redis = resources.use(await RunningPod.start(redisPod, { network, names: redisNames }));
    await waited;
    for (const { container } of later) await pod.startContainer(container);
  });
  afterAll(() => resources.disposeAsync());

  /** Reply of Redis to the login of the ambassador. */
  const asApp = (command: string): string => {
    const login = 'REDISCLI_AUTH="$(cat /run/secrets/users/app/password)" redis-cli --user app';
    return redis.exec('redis', 'sh', '-c', `${login} ${command}`).stdout;
  };

  const shipped = (): Access[] =>
    pod
      .stdout('log-shipper')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));

  async function view(page: string): Promise<Response> {
    const response = await fetch(pod.url(8080, `/api/views/${page}`), { method: 'POST' });
    ids.push(response.headers.get('x-request-id') ?? '');
    return response;
  }

  it('answers the first request, because all helpers are ready', async () => {
    expect(await (await view('home')).json()).toEqual({ page: 'home', views: 1 });
  });

  /** Sends a request on the pod's loopback, where pod-page listens. */
  const seen = (name: string): SeenContainer | undefined => {
    const { containers }: { containers: readonly SeenContainer[] } = JSON.parse(
      pod.inside('wget -q -O - http://127.0.0.1:8090/api/pod'),
    );
    return containers.find((container) => container.name === name);
  };

  it('pod-page shows the target of wait-for and the time that it took', () => {
    const { summary } = seen('wait-for') ?? {};
    expect(summary).toMatch(/^waited for [\d.]+ m?s: redis$/);
  });

  it('a page view arrives in Redis, in /metrics of the adaptor and in the shipped log', async () => {
    for (let count = 0; count < 4; count += 1) await view('about');
    expect(asApp('hget views about')).toBe('4');
    await eventually(async () =>
      (await (await fetch(pod.url(9102, '/metrics'))).text()).includes('web_page_views{page="about"} 4'),
    );
    await eventually(() => shipped().filter(({ page }) => page === 'about').length === 4);
  });

  const shown = containersOf(web).filter(({ container: { name }, isInit }) => !isInit && name !== 'pod-page');
  it.each(shown.map(({ container: { name } }) => name))(
    'the page and /metrics say of %s the working set that docker stats says',
    async (name) => {
      const adminPort = { web: 8081, 'log-shipper': 9101, 'statsd-adaptor': 9102 }[name] ?? 9103;
      const sample = `${name.replaceAll('-', '_')}_container_memory_bytes{kind="working set"} `;
      await eventually(async () => {
        const { figures } = seen(name) ?? {};
        expect(figures?.['memoryKind']).toBe('working set');
        const text = await (await fetch(pod.url(adminPort, '/metrics'))).text();
        const scraped = Number(text.split(sample)[1]?.split('\n')[0]);
        const outside = pod.workingSetBytes(name);
        // it changes all the time; RSS would be more than twice as high
        const isAlike = (bytes: number) => bytes > outside / 1.5 && bytes < outside * 1.5;
        return isAlike(Number(figures?.['memoryBytes'])) && isAlike(scraped);
      });
    },
  );

  it.each(['FLUSHALL', 'CONFIG GET *', 'ACL LIST', 'SCRIPT FLUSH', 'KEYS *', 'GET elsewhere'])(
    'Redis refuses the application with NOPERM: %s',
    (command) => {
      // from web's pod, through the ambassador, which logs in for every client
      const answer = pod.inside(`echo '${command}' | nc -w 2 127.0.0.1 6379`);
      expect(answer).toMatch(/^-NOPERM /);
      expect(asApp(command)).toContain('NOPERM');
    },
  );

  it('Redis answers nobody without a login', () => {
    expect(redis.exec('redis', 'redis-cli', 'hget', 'views', 'about').stdout).toContain('NOAUTH');
  });

  it('disconnects a client that sends without end before Redis is out of memory', async () => {
    // twice the container's memory limit
    await floodRedis(redis.url(6379), { connections: 8, mebibytes: 64 });
    expect(asApp('hget views about')).toBe('4');
    expect((await view('home')).status).toBe(200);
  });

  it('the liveness probe restarts a Redis with an endless script, and the next one has all counts', async () => {
    const [placed] = containersOf(redisPod);
    const isAlive = () =>
      redis.exec('redis', ...(placed?.container.livenessProbe?.exec?.command ?? [])).status === 0;
    expect(isAlive()).toBe(true);
    pod.inside(`echo 'EVAL "while true do end" 0' | nc -w 1 127.0.0.1 6379`);
    expect(isAlive()).toBe(false);
    redis.kill('redis');
    await redis.restart('redis');
    expect(isAlive()).toBe(true);
    expect(asApp('hget views about')).toBe('4');
    await eventually(async () => (await view('home')).status === 200);
  });

  it('exports every metric that the alert rules and the dashboard use', async () => {
    // a counter of errors appears with the first error
    pod.inside("echo 'no StatsD at all' | nc -w 1 127.0.0.1 8125");
    const pages = await Promise.all(
      [8081, 9101, 9102, 9103].map(async (port) => (await fetch(pod.url(port, '/metrics'))).text()),
    );
    // HELP names metrics that have no sample yet
    const exported = new Set(
      pages.flatMap((page) => [...page.matchAll(/^# HELP (\w+)/gm)].map(([, name]) => name)),
    );
    const asked = metricsAskedFor().map((name) => name.replace(/_bucket$/, ''));
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.filter((name) => !exported.has(name))).toEqual([]);
  });

  it.each(['redis-ambassador', 'statsd-adaptor', 'log-shipper', 'pod-page'])(
    '%s comes back alone, web goes on',
    async (helper) => {
      pod.kill(helper);
      expect((await fetch(pod.url(8080, '/api/info'))).status).toBe(200);
      await pod.restart(helper);
      await eventually(async () => (await view('home')).status === 200);
    },
  );

  it('stops web first, then pod-page, ambassador, adaptor and shipper, all with exit code 0 and every view shipped', async () => {
    const order = ['web', 'pod-page', 'redis-ambassador', 'statsd-adaptor', 'log-shipper'];
    expect(await pod.stop()).toEqual(order.map((name) => ({ name, code: 0 })));
    const seen = shipped().flatMap(({ id, page }) => (page === undefined ? [] : [id]));
    for (const id of ids) expect(seen, id).toContain(id);
  });
});
