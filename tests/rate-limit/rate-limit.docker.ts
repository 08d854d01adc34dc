import { once } from 'node:events';
import { Agent, type ClientRequest, get, type IncomingMessage, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldenPod, type KubernetesObject } from '../manifests/manifests.ts';
import { makeNetwork, RunningPod } from '../manifests/run-pod.ts';

/** k8s/patterns/rate-limit as rendered, with the real nginx and our web. */
const manifest = goldenPod('k8s/patterns/rate-limit', 'rate-limit');
const nginxConf = manifest.objects.find(({ kind }) => kind === 'ConfigMap')?.data?.['nginx.conf'] ?? '';
const burst = Number(/burst=(\d+)/.exec(nginxConf)?.[1]);
const perSecond = Number(/rate=(\d+)r\/s/.exec(nginxConf)?.[1]);

describe('a web server behind the rate limit', () => {
  const resources = new AsyncDisposableStack();
  let pod: RunningPod;
  let page: string;

  beforeAll(async () => {
    const network = resources.use(makeNetwork());
    pod = resources.use(await RunningPod.start(manifest, { network: network.name }));
    page = pod.url(8080, '/api/info');
  });
  afterAll(() => resources.disposeAsync());

  const ask = async (url: string) => {
    const response = await fetch(url);
    return { status: response.status, headers: response.headers, body: await response.text() };
  };

  it('passes a request on to web', async () => {
    const { status, body } = await ask(page);
    expect([status, JSON.parse(body)]).toEqual([200, expect.objectContaining({ name: 'web' })]);
  });

  it('refuses what is beyond the burst with 429 and when to come back', async () => {
    const started = performance.now();
    const answers = await Promise.all(Array.from({ length: 10 * burst }, () => ask(page)));
    const seconds = (performance.now() - started) / 1000;

    const passed = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 429);
    expect(passed.length + refused.length).toBe(answers.length);
    // the burst and the one being served, and what the bucket leaked meanwhile
    expect(passed.length).toBeLessThanOrEqual(burst + 2 + Math.ceil(seconds * perSecond));
    expect(passed.length).toBeGreaterThan(0);
    for (const { headers, body } of refused) {
      expect(headers.get('retry-after')).toBe('1');
      expect(headers.get('content-type')).toBe('application/problem+json');
      expect(JSON.parse(body)).toEqual({ type: 'about:blank', title: 'Too Many Requests', status: 429 });
    }
  });

  it('never refuses a probe, not even while a client is refused', async () => {
    const flood = Array.from({ length: 5 * burst }, () => ask(page));
    const probes = await Promise.all(
      Array.from({ length: 5 * burst }, (_, index) =>
        ask(index % 2 === 0 ? pod.url(8080, '/nginx-health') : pod.url(8081, '/readyz')),
      ),
    );
    expect(new Set(probes.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await Promise.all(flood)).some(({ status }) => status === 429)).toBe(true);
  });

  it('lets nobody past nginx', () => {
    expect(pod.exec('nginx', 'cat', '/proc/net/tcp').stdout).toContain('0100007F:1F40'); // 127.0.0.1:8000
    expect(pod.exec('nginx', 'cat', '/proc/net/tcp').stdout).not.toContain('00000000:1F40');
  });

  it('a flood of requests is no flood of log lines', () => {
    expect(pod.logs('nginx').split('\n').length).toBeLessThan(10);
  });
});

describe('a web server behind nginx, in a rollout', () => {
  it('is stopped while clients send: nginx drains first, nobody gets 502, open requests are answered', async () => {
    using network = makeNetwork();
    const unlimited = { ...manifest, objects: manifest.objects.map(withoutLimit) };
    await using pod = await RunningPod.start(unlimited, { network: network.name });
    const clients = Array.from({ length: 8 }, () => sendUntilClosed(pod.url(8080, '/api/info')));
    const open = request(pod.url(8080, '/api/info'), { headers: { 'content-length': 2 } });
    open.write('{');
    const stopping = pod.stop();
    // the last of them is sent away when nginx begins to drain
    const answers = await Promise.all(clients);
    open.end('}');

    expect(new Set(answers.flat().map(({ status }) => status))).toEqual(new Set([200]));
    // a connection that nginx closes by itself may be one on which a client is about to send
    expect(answers.map((all) => all.at(-1)?.connection)).toEqual(clients.map(() => 'close'));
    expect(await answerOf(open)).toMatchObject({ status: 200 });
    expect(await stopping).toEqual([
      { name: 'web', code: 0 },
      { name: 'nginx', code: 0 },
    ]);
    expect(pod.endedAt('nginx').getTime()).toBeLessThan(pod.endedAt('web').getTime());
  });
});

/** The clients of this test share an address. */
const withoutLimit = (object: KubernetesObject): KubernetesObject =>
  object.kind === 'ConfigMap'
    ? { ...object, data: { 'nginx.conf': nginxConf.replace(`rate=${perSecond}r/s`, 'rate=100000r/s') } }
    : object;

interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
}

/** The answer, when it is here whole. */
async function answerOf(asked: ClientRequest): Promise<Answer> {
  // what the event carries
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  await once(response.resume(), 'end');
  return { status: response.statusCode, connection: response.headers.connection };
}

/** A client that asks again and again, on one connection as long as it stays, until there is no other to be had. */
async function sendUntilClosed(url: string): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answers: Answer[] = [];
  try {
    for (;;) {
      answers.push(await answerOf(get(url, { agent })));
      await setTimeout(5);
    }
  } catch {
    return answers;
  } finally {
    agent.destroy();
  }
}
