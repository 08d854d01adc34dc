import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { RunningWeb } from './running-web.ts';
import { StatsdReceiver } from './statsd-receiver.ts';

describe('the API', needs(redisServer), () => {
  const resources = new AsyncDisposableStack();
  let web: RunningWeb;
  let statsd: StatsdReceiver;
  let redis: Redis;

  beforeAll(async () => {
    const server = resources.use(await RedisServer.start());
    statsd = resources.use(await StatsdReceiver.start());
    web = resources.use(
      await RunningWeb.start({
        REDIS_URL: `redis://127.0.0.1:${server.port}`,
        STATSD: statsd.address,
        POD_NAME: 'web-1',
        POD_NAMESPACE: 'shop',
        NODE_NAME: 'node-1',
        POD_IP: '10.0.0.7',
      }),
    );
    redis = new Redis(server.port);
    resources.defer(() => redis.disconnect());
  });
  afterAll(() => resources.disposeAsync());

  const post = (path: string, init: RequestInit = {}) => web.fetch(path, { method: 'POST', ...init });

  /** Sends these bytes and returns the response until the server closes. */
  const raw = async (bytes: string) => {
    const socket = connect(Number(new URL(web.url).port), '127.0.0.1');
    socket.write(bytes, 'latin1');
    return (await socket.setEncoding('latin1').toArray()).join('');
  };

  it('counts a page view in Redis, in StatsD and in the access log under its request id', async () => {
    const answer = await post('/api/views/pricing', { headers: { 'x-request-id': 'view-1' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-request-id')).toBe('view-1');
    expect(await answer.json()).toEqual({ page: 'pricing', views: 1 });
    expect(await redis.hget('views', 'pricing')).toBe('1');
    await eventually(() => statsd.count('web.page_views', 'page:pricing') === 1);
    const line = await eventually(() => web.logLines('access').find(({ id }) => id === 'view-1'));
    expect(Object.keys(line)).toEqual([
      'time',
      'level',
      'msg',
      'id',
      'method',
      'route',
      'path',
      'status',
      'durationMs',
      'page',
    ]);
    expect(line).toMatchObject({
      level: 'info',
      msg: 'request',
      method: 'POST',
      route: '/api/views/:page',
      path: '/api/views/pricing',
      status: 200,
      page: 'pricing',
    });
  });

  it.each([
    ['of any JSON', { body: 'null', headers: { 'content-type': 'application/json; charset=utf-8' } }],
    ['that is empty, of any type', { body: '', headers: { 'content-type': 'text/xml' } }],
  ])('accepts a body %s with a page view', async (_, init) => {
    expect((await post('/api/views/body', init)).status).toBe(200);
  });

  it('accepts an empty chunked body', async () => {
    const request =
      'POST /api/views/body HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(await raw(request)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('answers pipelined requests in order', async () => {
    const request = (page: string, more = '') =>
      `POST /api/views/${page} HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n${more}\r\n`;
    const answers = await raw(request('p1') + request('p2') + request('p3', 'connection: close\r\n'));
    expect([...answers.matchAll(/"page":"(\w+)"/g)].map(([, page]) => page)).toEqual(['p1', 'p2', 'p3']);
  });

  it('lists the views of all pages and their sum', async () => {
    await redis.del('views');
    for (const page of ['home', 'about', 'home']) await post(`/api/views/${page}`);
    const answer = await web.fetch('/api/views');
    expect(await answer.text()).toBe('{"views":{"about":1,"home":2},"total":3}');
  });

  it.each([
    ['/', 'home'],
    ['/pages/home', 'home'],
    ['/pages/about', 'about'],
  ])('counts a view of %s when %s is opened, but not for HEAD', async (path, name) => {
    await redis.del('views');
    for (const count of [1, 2]) {
      const page = await web.fetch(path);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await page.text()).toContain(`<p>View ${count}.</p>`);
    }
    expect((await web.fetch(path, { method: 'HEAD' })).status).toBe(200);
    expect(await redis.hgetall('views')).toEqual({ [name]: '2' });
  });

  it.each(['nothing', 'constructor', '__proto__', '%3Cb%3E'])('there is no page %s', async (page) => {
    const answer = await web.fetch(`/pages/${page}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  });

  it('sends StatsD durations by route, method and status, visitors, and requests in flight', async () => {
    await web.fetch('/api/cache/nothing');
    await eventually(() =>
      statsd.lines.some((line) =>
        /^web\.request_duration:[\d.]+\|ms\|#route:\/api\/cache\/:key,method:GET,status:404$/.test(line),
      ),
    );
    await eventually(() => statsd.lines.some((line) => /^web\.visitors:[\w-]{12}\|s$/.test(line)));
    await eventually(() => statsd.lines.includes('web.in_flight:0|g'));
  });

  describe('the cache', () => {
    it('returns bytes and type unchanged until the entry expires', async () => {
      const body = Buffer.from([0, 10, 13, 255, 128]);
      const headers = { 'content-type': 'image/x-thing; q="1"' };
      const put = await web.fetch('/api/cache/thing?ttl=100', { method: 'PUT', body, headers });
      expect([put.status, await put.text()]).toEqual([204, '']);
      const got = await web.fetch('/api/cache/thing');
      expect(got.headers.get('content-type')).toBe('image/x-thing; q="1"');
      expect(Buffer.from(await got.arrayBuffer())).toEqual(body);
      const ttl = await redis.ttl('{cache}:thing');
      expect(ttl).toBeGreaterThan(90);
      expect(ttl).toBeLessThanOrEqual(100);
    });

    it('returns a non-ASCII type, and application/octet-stream for an empty one', async () => {
      const put = (type: string) =>
        raw(
          `PUT /api/cache/typed HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: ${type}\r\ncontent-length: 1\r\n\r\nx`,
        );
      expect(await put('text/plain; title="\u00e9"')).toMatch(/^HTTP\/1\.1 204 /);
      expect((await web.fetch('/api/cache/typed')).headers.get('content-type')).toBe(
        'text/plain; title="\u00e9"',
      );
      await put('');
      expect((await web.fetch('/api/cache/typed')).headers.get('content-type')).toBe(
        'application/octet-stream',
      );
    });

    it('keeps an entry for a minute by default', async () => {
      await web.fetch('/api/cache/minute', { method: 'PUT', body: 'x' });
      expect(await redis.ttl('{cache}:minute')).toBeGreaterThan(50);
      expect(await redis.ttl('{cache}:minute')).toBeLessThanOrEqual(60);
    });

    it('deletes an entry, even if it does not exist', async () => {
      await web.fetch('/api/cache/gone', { method: 'PUT', body: 'x' });
      for (let time = 0; time < 2; time++) {
        expect((await web.fetch('/api/cache/gone', { method: 'DELETE' })).status).toBe(204);
      }
      expect((await web.fetch('/api/cache/gone')).status).toBe(404);
    });

    it('accepts an empty body, 64 KiB, and a key that needs escaping', async () => {
      const key = encodeURIComponent('a b/ü?');
      for (const body of ['', 'x'.repeat(65_536)]) {
        expect((await web.fetch(`/api/cache/${key}`, { method: 'PUT', body })).status).toBe(204);
        expect(await (await web.fetch(`/api/cache/${key}`)).text()).toBe(body);
      }
    });

    it('never lets a cached body run in a browser', async () => {
      await web.fetch('/api/cache/page', {
        method: 'PUT',
        body: '<script>alert(1)</script>',
        headers: { 'content-type': 'text/html' },
      });
      const { headers } = await web.fetch('/api/cache/page');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    });
  });

  it('returns its version and its pod', async () => {
    expect(await (await web.fetch('/api/info')).json()).toEqual({
      name: 'web',
      version: manifest.version,
      node: process.version,
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      pod: { name: 'web-1', namespace: 'shop', node: 'node-1', ip: '10.0.0.7' },
    });
  });

  describe('errors', () => {
    const json = { 'content-type': 'application/json' };
    const refused: ReadonlyArray<[number, string, string, RequestInit]> = [
      [404, 'GET', '/nothing', {}],
      [404, 'GET', '/api/views/', {}],
      [404, 'GET', '/API/views', {}],
      [404, 'GET', '/api/cache/nothing', {}],
      [405, 'DELETE', '/api/views', {}],
      [405, 'GET', '/api/views/home', {}],
      [405, 'POST', '/', {}],
      [400, 'POST', '/api/views/HOME', {}],
      [400, 'POST', `/api/views/${'x'.repeat(65)}`, {}],
      [400, 'POST', '/api/views/a%2Fb', {}],
      [400, 'POST', '/api/views/%zz', {}],
      [400, 'POST', '/api/views/home', { body: '{bad', headers: json }],
      [400, 'PUT', '/api/cache/a?ttl=0', { body: 'x' }],
      [400, 'PUT', '/api/cache/a?ttl=86401', { body: 'x' }],
      [400, 'PUT', '/api/cache/a?ttl=1&ttl=2', { body: 'x' }],
      [400, 'GET', '/api/cache/%00', {}],
      [413, 'PUT', '/api/cache/a', { body: 'x'.repeat(65_537) }],
      [413, 'POST', '/api/views/home', { body: JSON.stringify('x'.repeat(65_537)), headers: json }],
      [414, 'GET', `/${'x'.repeat(8000)}`, {}],
      [414, 'GET', `/${'x'.repeat(40_000)}`, {}],
      [415, 'POST', '/api/views/home', { body: '<x/>', headers: { 'content-type': 'text/xml' } }],
      [
        415,
        'POST',
        '/api/views/home',
        { body: '{}', headers: { 'content-type': 'application/json; charset=utf-16' } },
      ],
      [415, 'PUT', '/api/cache/a', { body: 'x', headers: { 'content-encoding': 'gzip' } }],
      [431, 'GET', '/', { headers: { 'x-large': 'x'.repeat(40_000) } }],
      [500, 'POST', '/api/errors', {}],
    ];
    const named = refused.map((row) => [row[0], row[1], row[2].slice(0, 32), row] as const);
    it.each(named)('%i for %s %s', async (status, method, _, [, , path, init]) => {
      const answer = await web.fetch(path, { method, ...init });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      const problem: Record<string, unknown> = JSON.parse(await answer.text());
      expect(problem).toMatchObject({
        type: 'about:blank',
        status,
        requestId: answer.headers.get('x-request-id'),
      });
      for (const member of ['title', 'detail', 'instance']) {
        expect(problem[member]).toEqual(expect.stringMatching(/\S/));
      }
      expect(JSON.stringify(problem)).not.toMatch(/\.ts|\.js|node_modules|\bat .*\(/);
    });

    it('list the allowed methods for 405 and OPTIONS', async () => {
      const refused = await web.fetch('/api/cache/a', { method: 'PATCH' });
      expect([refused.status, refused.headers.get('allow')]).toEqual([
        405,
        'DELETE, GET, HEAD, OPTIONS, PUT',
      ]);
      const options = await web.fetch('/api/views/home', { method: 'OPTIONS' });
      expect([options.status, options.headers.get('allow')]).toEqual([204, 'OPTIONS, POST']);
    });

    it.each([
      [400, 'not HTTP', 'HELLO REDIS\r\n\r\n'],
      // the server closes the connection by itself after these
      [400, 'without a host', 'GET /api/info HTTP/1.1\r\n\r\n'],
      [400, 'with two hosts', 'GET /api/info HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n'],
      [400, 'whose host has a blank', 'GET /api/info HTTP/1.1\r\nhost: a b\r\n\r\n'],
      [400, 'whose host is a URL', 'GET /api/info HTTP/1.1\r\nhost: http://a/\r\n\r\n'],
      [400, 'of HTTP/1.0 with two hosts', 'GET /api/info HTTP/1.0\r\nhost: a\r\nhost: b\r\n\r\n'],
      [505, 'of HTTP/2.0', 'GET /api/info HTTP/2.0\r\nhost: a\r\n\r\n'],
      [505, 'of HTTP/0.9', 'GET /api/info HTTP/0.9\r\n\r\n'],
      [400, 'that begins HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
      [
        417,
        'of unknown expectations',
        'GET / HTTP/1.1\r\nhost: a\r\nexpect: miracles\r\nconnection: close\r\n\r\n',
      ],
      [501, 'for a tunnel', 'CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n'],
    ])('%i for a request %s', async (status, _, request) => {
      const answer = await raw(request);
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer).toMatch(/\r\ncontent-type: application\/problem\+json\r\n/i);
      const problem: Record<string, unknown> = JSON.parse(answer.split('\r\n\r\n')[1] ?? '');
      const [, id] = /\r\nx-request-id: (\S+)\r\n/i.exec(answer) ?? [];
      expect(problem).toMatchObject({
        type: 'about:blank',
        status,
        requestId: id,
        instance: expect.stringMatching(/\S/),
      });
    });

    it.each(['', 'a', 'a:80', '[::1]:8080'])('answers a request whose host is %j', async (host) => {
      const answer = await raw(`GET /api/info HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    });

    it('refuse a body that is too large before it is sent', async () => {
      const head = (length: number) =>
        `PUT /api/cache/a HTTP/1.1\r\nhost: a\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: ${length}\r\n\r\n`;
      expect(await raw(head(65_537))).toMatch(/^HTTP\/1\.1 413 /);
      expect(await raw(`${head(65_536)}${'x'.repeat(65_536)}`)).toMatch(
        /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 204 /,
      );
    });

    it('leave the stack of an unexpected error in error.log, as one record of many lines', async () => {
      const answer = await post('/api/errors', { headers: { 'x-request-id': 'stack-1' } });
      expect(answer.status).toBe(500);
      const text = await eventually(
        () => /^\S+ ERROR \[stack-1\].*\n(?:[ \t].*\n)+/m.exec(web.logText('error'))?.[0],
      );
      expect(text).toMatch(/ERROR \[stack-1\] Error: the price list cannot be read .*\n {4}at /);
      expect(text).toMatch(/\n {2}Caused by: SyntaxError: .*\n {4}at JSON\.parse/);
    });
  });

  it('returns the trace context and logs its id', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await web.fetch('/api/info', { headers: { traceparent, 'x-request-id': 'traced-1' } });
    expect(answer.headers.get('traceparent')).toBe(traceparent);
    const line = await eventually(() => web.logLines('access').find(({ id }) => id === 'traced-1'));
    expect(line['traceId']).toBe('0af7651916cd43dd8448eb211c80319c');
    expect((await web.fetch('/api/info')).headers.get('traceparent')).toBeNull();
  });

  it('logs a client that disconnects within its body', async () => {
    const aborted = request(`${web.url}/api/cache/half`, {
      method: 'PUT',
      headers: { 'content-length': '100', 'x-request-id': 'aborted-1' },
    });
    aborted.on('error', () => {});
    aborted.write('half');
    await eventually(async () =>
      (await (await web.admin('/metrics')).text()).includes('web_in_flight_requests 1'),
    );
    aborted.destroy();
    const line = await eventually(() => web.logLines('access').find(({ id }) => id === 'aborted-1'));
    expect(line['aborted']).toBe(true);
  });

  it('exposes exactly the metrics that the README lists', async () => {
    const text = await (await web.admin('/metrics')).text();
    const served = [...text.matchAll(/^# TYPE (web_\w+) /gm)].map(([, name]) => name);
    const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
    const listed = [...readme.matchAll(/^\| `(web_\w+)` \|/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(served.sort());
    expect(text).toMatch(/^web_page_views_total [1-9]/m);
  });
});
