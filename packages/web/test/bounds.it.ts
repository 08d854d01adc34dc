import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RunningWeb } from './running-web.ts';
import { StatsdReceiver } from './statsd-receiver.ts';

describe('limits on names from visitors', needs(redisServer), () => {
  const resources = new AsyncDisposableStack();
  let one: RunningWeb;
  let other: RunningWeb;
  let statsd: StatsdReceiver;
  let redis: Redis;

  beforeAll(async () => {
    const server = resources.use(await RedisServer.start());
    statsd = resources.use(await StatsdReceiver.start());
    const env = {
      REDIS_URL: `redis://127.0.0.1:${server.port}`,
      STATSD: statsd.address,
      MAX_PAGES: '50',
      MAX_CACHE_ENTRIES: '20',
      REDIS_TIMEOUT: '30s',
    };
    one = resources.use(await RunningWeb.start(env));
    other = resources.use(await RunningWeb.start(env));
    redis = new Redis(server.port);
    resources.defer(() => redis.disconnect());
  });
  afterAll(() => resources.disposeAsync());
  afterEach(() => redis.flushall());

  const view = async (web: RunningWeb, page: string) =>
    (await web.fetch(`/api/views/${page}`, { method: 'POST' })).json();
  const cache = (web: RunningWeb, key: string, ttl = 60) =>
    web.fetch(`/api/cache/${key}?ttl=${ttl}`, { method: 'PUT', body: key });

  it('count --max-pages pages by name over all replicas and the rest as other, without losing a view', async () => {
    const pages = Array.from({ length: 200 }, (_, at) => `page-${at}`);
    await Promise.all(pages.flatMap((page) => [view(one, page), view(other, page)]));
    const counts = await redis.hgetall('views');
    expect(Object.keys(counts)).toHaveLength(51);
    expect(Number(counts['other'])).toBe(2 * 150);
    expect(await view(one, 'late')).toEqual({ page: 'other', views: 301 });
    // pages with a count keep their names, and so does our own page
    const known = Object.keys(counts).find((page) => page !== 'other') ?? '';
    expect(await view(one, known)).toEqual({ page: known, views: 3 });
    expect((await one.fetch('/')).status).toBe(200);
    expect(await redis.hget('views', 'home')).toBe('1');
    const listed: { views: Record<string, number> } = JSON.parse(
      await (await one.fetch('/api/views')).text(),
    );
    expect(Object.keys(listed.views)).toHaveLength(52);
    expect(listed).toEqual({ views: listed.views, total: 403 });
  });

  it('hold for StatsD', async () => {
    for (let at = 0; at < 200; at++) await view(one, `tag-${at}`);
    await eventually(() => statsd.count('web.page_views', 'page:other') > 0);
    const tags = statsd.lines.flatMap((line) => /page_views.*page:([\w-]+)/.exec(line)?.[1] ?? []);
    expect(new Set(tags).size).toBeLessThanOrEqual(2 * 51);
  });

  it('keep answers short after a million pages were counted without a limit', async () => {
    const million = `for at = 1, 1000000 do redis.call('HSET', KEYS[1], 'page-' .. at, 1) end`;
    await redis.eval(million, 1, 'views');
    const before = await residentBytes(one);
    for (let time = 0; time < 5; time++) {
      const answer = await one.fetch('/api/views');
      const text = await answer.text();
      expect(answer.status).toBe(200);
      expect(text.length).toBeLessThan(10_000);
      const { views, total, omitted } = JSON.parse(text);
      expect(Object.keys(views)).toHaveLength(52);
      expect([total, omitted]).toEqual([52, 1_000_000 - 52]);
    }
    // the whole hash took 300 MiB
    expect((await residentBytes(one)) - before).toBeLessThan(100 * 2 ** 20);
    expect(await view(one, 'page-77')).toEqual({ page: 'page-77', views: 2 });
    expect(await view(one, 'new')).toEqual({ page: 'other', views: 1 });
  });

  it('keep answers short if the hash has fields that are not pages', async () => {
    await redis.hset('views', 'x'.repeat(1000), '1', 'home', '2');
    expect(await (await one.fetch('/api/views')).json()).toEqual({ views: { home: 2 }, total: 2 });
  });

  it('keep --max-cache-entries over all replicas; the first to expire makes room', async () => {
    await cache(one, 'short', 10);
    for (let at = 0; at < 100; at++) await cache(at % 2 === 0 ? one : other, `key-${at}`, 100 + at);
    const entries = (await redis.keys('{cache}:?*')).sort();
    expect(entries).toHaveLength(20);
    expect((await one.fetch('/api/cache/short')).status).toBe(404);
    expect(await (await other.fetch('/api/cache/key-99')).text()).toBe('key-99');
    // overwriting an entry takes no room
    await cache(one, 'key-99');
    expect(await redis.dbsize()).toBe(21);
  });

  it('let deleted and expired cache entries make room', async () => {
    for (let at = 0; at < 20; at++) await cache(one, `long-${at}`, 100);
    for (let at = 0; at < 10; at++) await one.fetch(`/api/cache/long-${at}`, { method: 'DELETE' });
    for (let at = 0; at < 10; at++) await cache(one, `brief-${at}`, 1);
    await eventually(async () => (await redis.keys('{cache}:brief-*')).length === 0);
    for (let at = 0; at < 10; at++) await cache(one, `new-${at}`, 100);
    expect(await redis.keys('{cache}:long-*')).toHaveLength(10);
    expect(await redis.keys('{cache}:new-*')).toHaveLength(10);
  });
});

describe('limits on connections and requests', () => {
  const resources = new AsyncDisposableStack();
  let web: RunningWeb;
  beforeAll(async () => {
    web = resources.use(await RunningWeb.start({ MAX_CONNECTIONS: '40' }));
  });
  afterAll(() => resources.disposeAsync());

  const open = async () => {
    const socket = connect(Number(new URL(web.url).port), '127.0.0.1').resume();
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };
  const overload = async (reason: string) => {
    const text = await (await web.admin('/metrics')).text();
    return Number(new RegExp(`web_overload_total{reason="${reason}"} (\\d+)`).exec(text)?.[1]);
  };

  it('close the longest idle connection for a new one', async () => {
    const idle: Socket[] = [];
    for (let at = 0; at < 100; at++) idle.push(await open());
    expect((await web.fetch('/api/info')).status).toBe(200);
    await eventually(() => idle.filter(({ destroyed }) => destroyed).length >= 60);
    expect(await overload('idle')).toBeGreaterThanOrEqual(60);
    for (const socket of idle) socket.destroy();
  });

  it('answer 503 beyond the concurrent requests, and serve again afterwards', async () => {
    const slow = [];
    for (let at = 0; at < 36; at++) {
      const socket = await open();
      // a body that never arrives
      socket.write('PUT /api/cache/a HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nx');
      slow.push(socket);
    }
    const refused = await eventually(async () => {
      const answer = await web.fetch('/api/info');
      return answer.status === 503 ? answer : undefined;
    });
    expect(await refused.json()).toMatchObject({ status: 503, code: 'overload' });
    expect(await overload('requests')).toBeGreaterThan(0);
    expect((await web.admin('/livez')).status).toBe(200);
    for (const socket of slow) socket.destroy();
    await eventually(async () => (await web.fetch('/api/info')).status === 200);
  });

  it('cut off a client that sends hundreds of pipelined requests without reading', async () => {
    const socket = await open();
    socket.write('POST /api/views/a HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n'.repeat(500));
    await once(socket, 'close');
    expect(await overload('pipeline')).toBeGreaterThan(0);
    // none of them counts as in progress forever
    await eventually(async () => (await web.fetch('/api/info')).status === 200);
  });
});

async function residentBytes(web: RunningWeb): Promise<number> {
  const text = await (await web.admin('/metrics')).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]);
}
