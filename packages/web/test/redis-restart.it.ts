import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { RunningWeb } from './running-web.ts';
import { ScriptedRedis } from './scripted-redis.ts';

/** A Redis that keeps acknowledged writes when it is killed. */
const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];

interface Answer {
  readonly page: string;
  readonly status: number;
  readonly code: unknown;
}

/** A separate page for each view, so that its count shows how often the view was counted. */
async function view(web: RunningWeb, page: string): Promise<Answer> {
  const answer = await web.fetch(`/api/views/${page}`, { method: 'POST' });
  const { code }: { code?: unknown } = JSON.parse(await answer.text());
  return { page, status: answer.status, code };
}

const views = (web: RunningWeb, name: string) =>
  Promise.all(Array.from({ length: 20 }, (_, index) => view(web, `${name}-${index}`)));

async function countsOf(web: RunningWeb): Promise<Record<string, number>> {
  const { views }: { views: Record<string, number> } = JSON.parse(
    await (await web.fetch('/api/views')).text(),
  );
  return views;
}

/** Stores this many keys, each of which takes time to load. */
async function fill(port: number, keys: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1');
  const sent = client.pipeline();
  for (let key = 0; key < keys; key++) sent.set(`key-${key}`, key);
  await sent.exec();
  client.disconnect();
}

/** Both, connected, with enough time for a Redis that starts on a busy machine. */
async function webWithRedis(
  timeout: string,
  args: readonly string[] = [],
  redisArgs: readonly string[] = [],
) {
  const redis = await RedisServer.start([...durable, ...redisArgs]);
  const env = { REDIS_URL: `redis://127.0.0.1:${redis.port}`, REDIS_TIMEOUT: timeout, MAX_PAGES: '100000' };
  const web = await RunningWeb.start(env, { args });
  await view(web, 'first');
  const kill = async () => {
    await redis.stop();
    await web.program.waitForLog('Redis failing');
  };
  return { redis, web, kill };
}

describe('a Redis that is killed', needs(redisServer), () => {
  it.each([300, 900])(
    'and started again after %i ms fails no request in between, and each is counted once',
    async (awayMs) => {
      const pod = await webWithRedis('20s');
      await using redis = pod.redis;
      await using web = pod.web;
      const answers: Answer[] = [];
      let isOver = false;
      const clients = Array.from({ length: 8 }, async (_, client) => {
        for (let turn = 0; !isOver; turn++) answers.push(await view(web, `load-${client}-${turn}`));
      });
      await eventually(() => answers.length > 100);
      await pod.kill();
      const between = views(web, 'between');
      await delay(awayMs);
      await redis.start();
      answers.push(...(await between));
      const enough = answers.length + 100;
      await eventually(() => answers.length > enough);
      isOver = true;
      await Promise.all(clients);

      // each client has at most one request in flight when Redis is killed
      const failed = answers.filter(({ status }) => status !== 200);
      expect(failed.length).toBeLessThanOrEqual(clients.length);
      expect(failed.filter(({ page }) => page.startsWith('between'))).toEqual([]);
      const counts = await countsOf(web);
      const acknowledged = answers.filter(({ status }) => status === 200);
      expect(acknowledged.filter(({ page }) => counts[page] !== 1)).toEqual([]);
      // these may have been counted before Redis could reply, and never twice
      expect(failed.filter(({ page }) => (counts[page] ?? 0) > 1)).toEqual([]);
    },
  );

  it('and back after the deadline fails exactly the expired requests, and never sends them', async () => {
    const pod = await webWithRedis('8s');
    await using redis = pod.redis;
    await using web = pod.web;
    await pod.kill();
    const early = await views(web, 'early');
    const late = views(web, 'late');
    await redis.start();
    expect(new Set(early.map(({ code }) => code))).toEqual(new Set(['redis-away']));
    expect(new Set((await late).map(({ status }) => status))).toEqual(new Set([200]));
    const counts = Object.entries(await countsOf(web)).filter(([page]) => page !== 'first');
    expect(counts.filter(([page]) => page.startsWith('early'))).toEqual([]);
    expect(counts).toHaveLength(20);
    expect(new Set(counts.map(([, count]) => count))).toEqual(new Set([1]));
  });

  it('delays no request after a long absence', async () => {
    const pod = await webWithRedis('2s');
    await using _redis = pod.redis;
    await using web = pod.web;
    await pod.kill();
    await eventually(async () => {
      const startedAt = performance.now();
      expect(await view(web, 'home')).toMatchObject({ status: 503, code: 'redis-away' });
      return performance.now() - startedAt < 1000;
    });
  });

  it('has no more waiting commands than concurrent requests, even if clients hang up', async () => {
    const pod = await webWithRedis('10m', ['--max-connections', '40']);
    await using _redis = pod.redis;
    await using web = pod.web;
    await pod.kill();
    const inFlight = async (count: number) =>
      (await (await web.admin('/metrics')).text()).includes(`web_in_flight_requests ${count}\n`);
    const hangUp = new AbortController();
    const left = Array.from({ length: 32 }, () =>
      web.fetch('/api/views/left', { method: 'POST', signal: hangUp.signal }).catch(() => {}),
    );
    await eventually(() => inFlight(32));
    hangUp.abort();
    await Promise.all(left);
    await eventually(() => inFlight(0));
    expect(await view(web, 'one-more')).toMatchObject({ status: 503, code: 'redis-away' });
  });

  it('is shown as away at once, while requests still wait for it', async () => {
    const pod = await webWithRedis('40s', ['--redis-required']);
    await using redis = pod.redis;
    await using web = pod.web;
    await pod.kill();
    let isAnswered = false;
    const waiting = view(web, 'waiting').finally(() => {
      isAnswered = true;
    });
    expect((await web.admin('/readyz')).status).toBe(503);
    expect(isAnswered).toBe(false);
    await redis.start();
    expect((await waiting).status).toBe(200);
    await eventually(async () => (await web.admin('/readyz')).status === 200);
  });

  it('delays a request by one deadline, for the new connection and the reply together', async () => {
    const pod = await webWithRedis('10s');
    const { redis } = pod;
    await using _redis = redis;
    await using web = pod.web;
    await pod.kill();
    const startedAt = performance.now();
    const answer = view(web, 'waiting');
    await delay(8000);
    await using _mute = await ScriptedRedis.start({ port: redis.port });
    expect(await answer).toMatchObject({ status: 503, code: 'redis-timeout' });
    // 18 s if the reply had its own deadline
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  it('and back, but still loading its data, fails no request', async () => {
    const pod = await webWithRedis('40s', ['--redis-required'], ['--key-load-delay', '300']);
    await using redis = pod.redis;
    await using web = pod.web;
    await fill(redis.port, 5000);
    await pod.kill();
    const waiting = views(web, 'waiting');
    await redis.start();
    expect(new Set((await waiting).map(({ status }) => status))).toEqual(new Set([200]));
    const counts = Object.entries(await countsOf(web)).filter(([page]) => page !== 'first');
    expect(new Set(counts.map(([, count]) => count))).toEqual(new Set([1]));
    await eventually(async () => (await web.admin('/readyz')).status === 200);
  });

  it('and back during a stop still answers the request that waited for it', async () => {
    const pod = await webWithRedis('15s');
    await using redis = pod.redis;
    await using web = pod.web;
    await pod.kill();
    const waiting = view(web, 'waiting');
    await eventually(async () =>
      (await (await web.admin('/metrics')).text()).includes('web_in_flight_requests 1'),
    );
    web.program.process.kill('SIGTERM');
    await web.program.waitForLog('stopping');
    await redis.start();
    expect((await waiting).status).toBe(200);
    expect(await web.program.ended).toEqual({ code: 0, signal: null });
  });
});

it('a Redis that never answered is not waited for', async () => {
  await using web = await RunningWeb.start({ REDIS_TIMEOUT: '10m' });
  expect(await view(web, 'home')).toMatchObject({ status: 503, code: 'redis-away' });
});
