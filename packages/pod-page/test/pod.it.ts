import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { PodWatch } from '../src/pod/watch.ts';
import { AdminPort, ambassadorStatus } from './admin-port.ts';
import { RunningPage } from './running-page.ts';

/** Nobody listens on port 1. */
const nobody = 'http://127.0.0.1:1';

describe('/api/pod', () => {
  it('lists the containers with their roles and figures, and the traffic between them', async () => {
    await using ambassador = await AdminPort.start();
    ambassador.status = ambassadorStatus(5);
    await using app = await AdminPort.start('web');
    app.status = 'web_requests_total 7\n';
    await using page = await RunningPage.start([
      `web=${app.url}`,
      `redis=${ambassador.url}`,
      `cron=${nobody}`,
    ]);
    const { containers, flows, backends } = await page.pod();
    expect(containers.map(({ name, role, state }) => [name, role, state])).toEqual([
      ['web', 'application', 'up'],
      ['redis', 'ambassador', 'up'],
      ['cron', 'sidecar', 'down'],
    ]);
    expect(containers.map(({ figures }) => figures)).toMatchObject([{ requests: 7 }, { commands: 5 }, {}]);
    for (const { since } of containers) expect(Date.parse(since)).not.toBeNaN();
    expect(flows).toMatchObject([
      { from: 'web', to: 'redis', isMoving: false },
      { from: 'redis', to: 'Redis', isMoving: false },
    ]);
    expect(backends).toMatchObject([{ name: 'Redis', of: 'redis', state: 'up' }]);
  });

  it('tells up, degraded and down apart, with reason, time and last error', async () => {
    await using ambassador = await AdminPort.start();
    ambassador.status = ambassadorStatus(5);
    await using page = await RunningPage.start([`redis-ambassador=${ambassador.url}`]);
    const becomes = (state: string) =>
      eventually(async () => {
        const now = await page.container('redis-ambassador');
        return now?.state === state ? now : undefined;
      });
    const up = await becomes('up');
    ambassador.ready = { status: 503, body: { ready: false, reasons: { upstream: 'connection refused' } } };
    const degraded = await becomes('degraded');
    expect(degraded.summary).toBe('connection refused');
    expect(Date.parse(degraded.since)).toBeGreaterThan(Date.parse(up.since));
    const { port } = ambassador;
    await ambassador[Symbol.asyncDispose]();
    const down = await becomes('down');
    expect(down).toMatchObject({
      summary: expect.stringContaining('ECONNREFUSED'),
      figures: { commands: 5 },
    });
    expect(down.figuresAt).toBeDefined();
    await using _again = await AdminPort.start('redis-ambassador', port);
    const back = await becomes('up');
    expect(back.lastError?.text).toContain('ECONNREFUSED');
    expect(back).not.toHaveProperty('figuresAt');
  });

  it('marks flows with traffic in the last second as moving', async () => {
    await using ambassador = await AdminPort.start();
    let commands = 0;
    ambassador.status = ambassadorStatus(0, {
      commands: {
        get total() {
          commands += 100;
          return commands;
        },
      },
    });
    await using page = await RunningPage.start([`redis-ambassador=${ambassador.url}`]);
    await eventually(async () =>
      (await page.pod()).flows.every(({ isMoving, rate = 0 }) => isMoving && rate > 0),
    );
    ambassador.status = ambassadorStatus(commands);
    await eventually(async () => (await page.pod()).flows.every(({ isMoving }) => !isMoving));
  });

  it('does not wait for a container that never answers, and sends it one request at a time', async () => {
    await using shipper = await AdminPort.start('log-shipper');
    await using page = await RunningPage.start([`log-shipper=${shipper.url}`]);
    expect(await page.container('log-shipper')).toMatchObject({ state: 'up' });
    shipper.isMute = true;
    const silent = await eventually(async () => {
      const seen = await page.container('log-shipper');
      return seen?.state === 'down' ? seen : undefined;
    });
    expect(silent.summary).toBe('no answer in time');
    const startedAt = performance.now();
    for (let turn = 0; turn < 3; turn++) await page.pod();
    // the limit is 1 s each; the machine may be busy
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(shipper.mostAtOnce).toBe(1);
  });

  it.each([
    ['no JSON', 'text'],
    ['a list', []],
    ['other types', { records: 'many', sinks: 7, files: null, commands: [], memory: 'much' }],
    ['of memory without a kind', { memory: { bytes: 1 } }],
  ])('shows a helper whose status is %s as up without figures', async (_, status) => {
    await using shipper = await AdminPort.start('log-shipper');
    shipper.status = status;
    await using page = await RunningPage.start([`log-shipper=${shipper.url}`]);
    expect(await page.container('log-shipper')).toMatchObject({ state: 'up', figures: {} });
  });

  it('is not delayed by a helper whose response never ends', async () => {
    await using adaptor = await AdminPort.start('statsd-adaptor');
    // deeper than the call stack
    adaptor.status = `{"errors":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    await using page = await RunningPage.start([`statsd-adaptor=${adaptor.url}`]);
    expect((await page.container('statsd-adaptor'))?.state).toMatch(/^(up|down)$/);
    expect((await page.fetch('/')).status).toBe(200);
  });

  it('reads at most 512 KiB of a response', async () => {
    await using adaptor = await AdminPort.start('statsd-adaptor');
    adaptor.status = 'x'.repeat(600_000);
    await using page = await RunningPage.start([`statsd-adaptor=${adaptor.url}`]);
    expect(await page.container('statsd-adaptor')).toMatchObject({
      state: 'down',
      summary: 'the answer is larger than 524288 bytes',
    });
  });

  it.each([
    ['a health URL', '/readyz', 200, 'up'],
    ['a health URL', '/readyz', 204, 'up'],
    ['a health URL', '/readyz', 503, 'degraded'],
    ['its port alone', '', 404, 'up'],
    ['its port alone', '', 500, 'degraded'],
  ])('shows a foreign container, known by %s (%s), that answers %i as %s', async (_, path, status, state) => {
    await using other = await AdminPort.start('nginx');
    other.ready = { status, body: '' };
    await using page = await RunningPage.start([`nginx=${other.url}${path},application`]);
    const summary = `answers ${status}`;
    expect(await page.container('nginx')).toMatchObject({
      state,
      summary,
      role: 'application',
      figures: {},
    });
  });

  it('asks each container once for concurrent requests', async () => {
    await using shipper = await AdminPort.start('log-shipper');
    await using page = await RunningPage.start([`log-shipper=${shipper.url}`]);
    await Promise.all(Array.from({ length: 50 }, () => page.pod()));
    expect(shipper.asked).toBeLessThan(12);
  });

  it('shows the targets of wait-for', async () => {
    using dir = tempDir();
    const targets = [{ target: 'redis', state: 'ready', tries: 4, elapsedMs: 1240 }];
    writeFileSync(
      dir.file('report'),
      JSON.stringify({ msg: 'summary', result: 'ready', elapsedMs: 1240, targets }),
    );
    await using page = await RunningPage.start([`x=${nobody}`], {
      args: ['--wait-report', dir.file('report')],
    });
    expect(await page.container('wait-for')).toMatchObject({
      ...{ role: 'init', state: 'up', summary: 'waited for 1.2 s: redis' },
      figures: { targets: 1, waitedMs: 1240 },
    });
  });
});

describe('access', () => {
  const send = async (page: RunningPage, path: string, headers: Record<string, string>, method = 'GET') => {
    const socket = connect(Number(new URL(page.url).port), '127.0.0.1').setEncoding('utf8');
    const lines = Object.entries({ connection: 'close', 'content-length': '0', ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    let answer = '';
    for await (const piece of socket) answer += piece;
    return Number(answer.split(' ')[1]);
  };

  it.each(['/', '/api/pod', '/events', '/picture', '/page.js', '/api/make/view'])(
    'to %s is limited to loopback names and allowed names, against DNS rebinding',
    async (path) => {
      await using page = await RunningPage.start([`x=${nobody}`], {
        args: ['--app', nobody, '--host', 'pod.example'],
      });
      for (const host of ['elsewhere.example', '10.0.0.1:8090', 'localhost.elsewhere.example', ''])
        expect(await send(page, path, { host })).toBe(403);
      if (path === '/page.js') expect(await send(page, path, { host: 'pod.example:80' })).toBe(200);
    },
  );

  it.each([
    ['http://127.0.0.1:1', '127.0.0.1:1', 200],
    ['http://elsewhere.example', '127.0.0.1:1', 403],
    ['http://127.0.0.1:2', '127.0.0.1:1', 403],
    ['null', '127.0.0.1:1', 403],
    ['', '127.0.0.1:1', 403],
  ])('to a button from %j on %j is answered with %i', async (origin, host, status) => {
    await using page = await RunningPage.start([`x=${nobody}`], { args: ['--app', nobody] });
    const headers = { host, ...(origin !== '' && { origin }) };
    expect(await send(page, '/api/make/view', headers, 'POST')).toBe(status);
  });

  it.each([
    ['GET', '/nope', 404],
    ['POST', '/', 405],
    ['GET', '/api/make/view', 405],
    ['POST', '/api/make/other', 404],
    ['HEAD', '/events', 200],
  ])('with %s %s is answered with %i', async (method, path, status) => {
    await using page = await RunningPage.start([`x=${nobody}`], { args: ['--app', nobody] });
    expect((await page.fetch(path, { method })).status).toBe(status);
  });

  it('to buttons needs --app', async () => {
    await using page = await RunningPage.start([`x=${nobody}`]);
    expect((await page.fetch('/api/make/view', { method: 'POST' })).status).toBe(404);
  });
});

describe('/events', () => {
  it('sends the pod as /api/pod does, and again after each change', async () => {
    await using shipper = await AdminPort.start('log-shipper');
    const sinks = [{ sink: 'stdout', state: 'ok' }];
    shipper.status = { records: 1, sinks };
    await using page = await RunningPage.start([`log-shipper=${shipper.url}`]);
    const text = await page.events('/events', (so) => {
      if (so.includes('"records":1,')) shipper.status = { records: 2000, sinks };
      return so.includes('"records":2000');
    });
    expect(text).toMatch(/^retry: \d+\n\nevent: pod\ndata: \{"containers":\[.*\]\}\n\n/);
  });

  it('asks each container once a second for any number of pages, and never without a page', async () => {
    await using shipper = await AdminPort.start('log-shipper');
    await using page = await RunningPage.start([`log-shipper=${shipper.url}`]);
    const hangUp = new AbortController();
    const streams = Array.from({ length: 100 }, () => page.fetch('/events', { signal: hangUp.signal }));
    const startedAt = performance.now();
    await Promise.all(streams);
    await page.events('/picture', (text) => text.includes('event: picture'));
    await eventually(() => shipper.asked >= 8);
    const seconds = (performance.now() - startedAt) / 1000;
    // two requests per look, one look a second, and one look before
    expect(shipper.asked).toBeLessThanOrEqual(2 * (seconds + 3));
    hangUp.abort();
  });

  it('cuts off and counts a client that does not read', async () => {
    await using adaptor = await AdminPort.start('statsd-adaptor');
    // an event larger than the kernel's buffer
    const upstream = { state: 'up' };
    const large = (turn: number) => ({
      ...{ commands: { total: turn }, upstream },
      topology: {
        nodes: Array.from({ length: 4000 }, (_, node) => ({
          address: `redis-${turn}-${node}`.padEnd(60, 'x'),
        })),
      },
    });
    let turn = 0;
    Object.defineProperty(adaptor, 'status', { get: () => large(turn++) });
    await using page = await RunningPage.start([`redis=${adaptor.url},ambassador`]);
    const socket = connect(Number(new URL(page.url).port), '127.0.0.1');
    socket.write('GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n');
    socket.pause();
    await eventually(async () =>
      /^pod_page_streams_cut_total [1-9]/m.test(await (await fetch(`${page.adminUrl}/metrics`)).text()),
    );
    socket.destroy();
  });

  it('ends with the program, which stops at once', async () => {
    await using page = await RunningPage.start([`x=${nobody}`], { args: ['--shutdown-timeout', '60s'] });
    const stream = await page.fetch('/events');
    page.program.process.kill('SIGTERM');
    await stream.text().catch(() => {});
    expect(await page.program.ended).toEqual({ code: 0, signal: null });
  });
});

describe('a container without --container', () => {
  const found = async (...ports: readonly AdminPort[]) => {
    const targets = ports.map(({ url }) => ({ name: 'somebody', role: undefined, url, isNamed: false }));
    const nowhere = { name: 'nowhere', role: undefined, url: nobody, isNamed: false };
    const watch = new PodWatch({ targets: [...targets, nowhere], init: async () => undefined });
    return { watch, pod: await watch.current(), [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose]() };
  };

  it('has the name and role of the program that answers', async () => {
    await using shipper = await AdminPort.start('log-shipper');
    await using app = await AdminPort.start('web');
    await using other = await AdminPort.start('my-copy');
    await using seen = await found(shipper, app, other);
    expect(seen.pod.containers.map(({ name, role }) => [name, role])).toEqual([
      ['log-shipper', 'sidecar'],
      ['web', 'application'],
      ['my-copy', 'sidecar'],
    ]);
  });

  it('is not shown if another program or none answers', async () => {
    await using stranger = await AdminPort.start('nginx');
    stranger.ready = { status: 200, body: 'ok' };
    await using seen = await found(stranger);
    expect(seen.pod.containers).toEqual([]);
  });

  it('stays on the page after it has stopped', async () => {
    await using shipper = await AdminPort.start('log-shipper');
    await using seen = await found(shipper);
    await shipper[Symbol.asyncDispose]();
    await eventually(async () => (await seen.watch.current()).containers[0]?.state === 'down');
  });
});

it('exposes exactly the metrics that the README lists', async () => {
  await using page = await RunningPage.start([`x=${nobody}`]);
  const text = await (await fetch(`${page.adminUrl}/metrics`)).text();
  const served = [...text.matchAll(/^# TYPE (pod_page_\w+) /gm)].map(([, name]) => name);
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const listed = [...readme.matchAll(/^\| `(pod_page_\w+)` \|/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(served.sort());
});
