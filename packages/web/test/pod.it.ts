import { writeFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { AdminPort } from './admin-port.ts';
import { RunningWeb } from './running-web.ts';

interface Seen {
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly since: string;
  readonly summary: string;
  readonly figures: Record<string, unknown>;
}

async function podOf(web: RunningWeb): Promise<Record<string, Seen>> {
  const { containers }: { containers: Seen[] } = JSON.parse(await (await web.fetch('/api/pod')).text());
  return Object.fromEntries(containers.map((container) => [container.name, container]));
}

/** Reads server-sent events until `until` holds, and hangs up. */
async function readEvents(web: RunningWeb, until: (text: string) => boolean): Promise<string> {
  const hangUp = new AbortController();
  const response = await web.fetch('/events', { signal: hangUp.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (until(text)) break;
  }
  hangUp.abort();
  return text;
}

describe('/api/pod', () => {
  it('names the containers in the order of their start, with what is known of each', async () => {
    await using web = await RunningWeb.start();
    const answer = await web.fetch('/api/pod');
    const { containers }: { containers: Seen[] } = JSON.parse(await answer.text());
    expect(containers.map(({ name, role }) => [name, role])).toEqual([
      ['wait-for', 'init'],
      ['log-shipper', 'sidecar'],
      ['statsd-adaptor', 'adaptor'],
      ['redis-ambassador', 'ambassador'],
      ['web', 'application'],
    ]);
    for (const container of containers) {
      expect(Object.keys(container)).toEqual(['name', 'role', 'state', 'since', 'summary', 'figures']);
      expect(container.state).toMatch(/^(up|degraded|down)$/);
      expect(Date.parse(container.since)).not.toBeNaN();
    }
    // Redis is nowhere, and so are the helpers
    expect(containers.map(({ state }) => state)).toEqual(['up', 'down', 'down', 'down', 'degraded']);
  });

  it('tells up, degraded and down apart, with the reason, and since when', async () => {
    await using ambassador = await AdminPort.start();
    ambassador.status = {
      commands: { total: 5 },
      topology: { kind: 'standalone', nodes: [{ address: 'redis:6379' }] },
    };
    await using web = await RunningWeb.start({ REDIS_AMBASSADOR_URL: ambassador.url });
    const seen = async () => (await podOf(web))['redis-ambassador'];
    const up = await seen();
    expect(up).toMatchObject({
      state: 'up',
      figures: { commands: 5, topology: 'standalone', upstream: 'redis:6379' },
    });
    ambassador.ready = { status: 503, body: { ready: false, reasons: { upstream: 'connection refused' } } };
    const degraded = await eventually(async () => {
      const now = await seen();
      return now?.state === 'degraded' ? now : undefined;
    });
    expect(degraded.summary).toBe('connection refused');
    expect(Date.parse(degraded.since)).toBeGreaterThan(Date.parse(up?.since ?? ''));
    await ambassador[Symbol.asyncDispose]();
    const down = await eventually(async () => {
      const now = await seen();
      return now?.state === 'down' ? now : undefined;
    });
    expect(down.summary).toContain('ECONNREFUSED');
  });

  it('makes rates of what it has seen', async () => {
    await using adaptor = await AdminPort.start();
    let lines = 0;
    adaptor.status = {
      get linesTotal() {
        lines += 100;
        return lines;
      },
    };
    await using web = await RunningWeb.start({ STATSD_ADAPTOR_URL: adaptor.url });
    await podOf(web);
    const figures = await eventually(async () => {
      const { figures = {} } = (await podOf(web))['statsd-adaptor'] ?? {};
      return 'linesPerSecond' in figures ? figures : undefined;
    });
    expect(figures['linesPerSecond']).toBeGreaterThan(0);
  });

  it('tells the memory of each container in whole MiB, and how it is counted', async () => {
    await using shipper = await AdminPort.start();
    shipper.status = { memory: { kind: 'working set', bytes: 23.4 * 2 ** 20 } };
    await using web = await RunningWeb.start({ LOG_SHIPPER_URL: shipper.url });
    const pod = await podOf(web);
    expect(pod['log-shipper']?.figures).toEqual({ memoryBytes: 23 * 2 ** 20, memoryKind: 'working set' });
    // a process of this machine has no container of its own
    expect(pod['web']?.figures).toMatchObject({ memoryBytes: expect.any(Number), memoryKind: 'RSS' });
  });

  it('does not wait for a helper that never answers', async () => {
    await using shipper = await AdminPort.start();
    shipper.isMute = true;
    await using web = await RunningWeb.start({ LOG_SHIPPER_URL: shipper.url });
    const startedAt = performance.now();
    const pod = await podOf(web);
    // the promise is 1 s; the machine may be busy
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(pod['log-shipper']).toMatchObject({ state: 'down', summary: 'no answer in time' });
  });

  it.each([
    ['no JSON', 'text'],
    ['a list', []],
    ['other types', { records: 'many', sinks: 7, files: null, commands: [], memory: 'much' }],
    ['of memory without a kind', { memory: { bytes: 1 } }],
  ])('a helper whose status is %s is up without figures', async (_, status) => {
    await using shipper = await AdminPort.start();
    shipper.status = status;
    await using web = await RunningWeb.start({ LOG_SHIPPER_URL: shipper.url });
    expect((await podOf(web))['log-shipper']).toMatchObject({ state: 'up', figures: {} });
  });

  it('asks each helper once, however many ask at the same time, and passes the trace on', async () => {
    await using shipper = await AdminPort.start();
    await using web = await RunningWeb.start({ LOG_SHIPPER_URL: shipper.url });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await Promise.all(
      Array.from({ length: 20 }, async () =>
        (await web.fetch('/api/pod', { headers: { traceparent } })).text(),
      ),
    );
    expect(shipper.asked).toBeLessThan(8);
    expect(shipper.traces).toContain(traceparent);
  });

  it('knows what wait-for has waited for', async () => {
    using dir = tempDir();
    const report = {
      msg: 'summary',
      result: 'ready',
      elapsedMs: 1240,
      targets: [{ target: 'redis', state: 'ready', tries: 4, elapsedMs: 1240 }],
    };
    writeFileSync(dir.file('report'), JSON.stringify(report));
    await using web = await RunningWeb.start({ WAIT_REPORT: dir.file('report') });
    expect((await podOf(web))['wait-for']).toMatchObject({
      state: 'up',
      summary: 'waited for 1.2 s: redis',
      figures: { targets: 1, waitedMs: 1240 },
    });
  });
});

describe('the page', () => {
  /** What the page says of the state of each container. */
  const statesOf = (page: string) =>
    Object.fromEntries(
      [...page.matchAll(/data-container="([^"]+)" data-state="([^"]+)"/g)].map(([, name, state]) => [
        name,
        state,
      ]),
    );

  it('the first of all does not wait for a helper that hangs: it shows what is known, and that the helper is being asked', async () => {
    await using shipper = await AdminPort.start();
    shipper.isMute = true;
    await using web = await RunningWeb.start({ LOG_SHIPPER_URL: shipper.url });
    const answer = await web.fetch('/');
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(statesOf(page)).toMatchObject({ 'wait-for': 'up', web: 'degraded', 'log-shipper': 'unknown' });
    expect(page).toContain('<span data-text="state">being asked</span>');
    // what the page's script shows next
    const events = await readEvents(web, (text) => text.includes('event: pod'));
    expect(events).toMatch(/"name":"log-shipper","role":"sidecar","state":"down"/);
    shipper.isMute = false;
    await eventually(async () => statesOf(await (await web.fetch('/')).text())['log-shipper'] === 'up');
  });

  it('is never held up by a helper whose answer cannot be read to its end', async () => {
    await using adaptor = await AdminPort.start();
    // deeper than a function can call itself
    adaptor.statusText = `{"errors":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    await using web = await RunningWeb.start({ STATSD_ADAPTOR_URL: adaptor.url });
    expect((await podOf(web))['statsd-adaptor']?.state).toMatch(/^(up|down)$/);
    expect(await readEvents(web, (text) => text.includes('event: pod'))).toContain('"statsd-adaptor"');
    expect((await web.fetch('/')).status).toBe(200);
  });
});

describe('/events', () => {
  it('tells the pod as /api/pod does, again when it has changed', async () => {
    await using shipper = await AdminPort.start();
    shipper.status = { records: 1 };
    await using web = await RunningWeb.start({ LOG_SHIPPER_URL: shipper.url });
    const text = await readEvents(web, (so) => {
      if (so.includes('"records":1,')) shipper.status = { records: 2000 };
      return so.includes('"records":2000');
    });
    expect(text).toMatch(/^retry: \d+\n\nevent: pod\ndata: \{"containers":\[.*\]\}\n\n/);
    const events = text.split('\n\n').filter((event) => event.startsWith('event: pod\n'));
    expect(events.length).toBeGreaterThanOrEqual(2);
  });

  it('asks the helpers only while somebody listens', async () => {
    await using shipper = await AdminPort.start();
    await using web = await RunningWeb.start({ LOG_SHIPPER_URL: shipper.url });
    await readEvents(web, (text) => text.includes('event: pod'));
    await eventually(async () =>
      (await (await web.admin('/metrics')).text()).includes('web_event_streams 0'),
    );
    const line = await eventually(() => web.logLines('access').find(({ path }) => path === '/events'));
    expect(line).toMatchObject({ route: '/events', status: 200 });
  });

  it('takes no more streams than it can serve', async () => {
    await using web = await RunningWeb.start();
    const hangUp = new AbortController();
    const open = () => web.fetch('/events', { signal: hangUp.signal });
    const streams = await Promise.all(Array.from({ length: 200 }, open));
    expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
    const refused = await web.fetch('/events');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    hangUp.abort();
    await eventually(async () => {
      const answer = await web.fetch('/events', { method: 'HEAD' });
      return answer.status === 200;
    });
  });
});
