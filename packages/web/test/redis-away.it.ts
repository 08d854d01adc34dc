import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { SilentServer } from '@pod-patterns/kit/testing/silent-server';
import { describe, expect, it } from 'vitest';
import { RunningWeb } from './running-web.ts';
import { ScriptedRedis } from './scripted-redis.ts';
import { StatsdReceiver } from './statsd-receiver.ts';

const view = (web: RunningWeb, id: string) =>
  web.fetch('/api/views/home', { method: 'POST', headers: { 'x-request-id': id } });

describe('without Redis', needs(redisServer), () => {
  it('web starts, stays ready, answers pages, and says that views are not counted', async () => {
    await using web = await RunningWeb.start();
    expect((await web.admin('/readyz')).status).toBe(200);
    expect(await (await web.fetch('/')).text()).toContain('This view was not counted: Redis is unavailable.');
    const counters = await web.fetch('/api/views');
    expect([counters.status, counters.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await counters.json()).toMatchObject({ code: 'redis-away', detail: 'Redis cannot be reached' });
  });

  it('a view that Redis did not count is still in StatsD and the log', async () => {
    await using statsd = await StatsdReceiver.start();
    await using web = await RunningWeb.start({ STATSD: statsd.address });
    expect((await view(web, 'uncounted-1')).status).toBe(503);
    await eventually(() => statsd.count('web.page_views', 'page:home') === 1);
    const line = await eventually(() => web.logLines('access').find(({ id }) => id === 'uncounted-1'));
    expect(line).toMatchObject({ page: 'home', status: 503 });
    expect(await (await web.admin('/metrics')).text()).toMatch(/^web_page_views_total 0$/m);
  });

  it('every request is answered, one log line says so, and counting resumes when Redis is back', async () => {
    await using redis = await RedisServer.start();
    await using web = await RunningWeb.start({ REDIS_URL: `redis://127.0.0.1:${redis.port}` });
    let counted = 0;
    let uncounted = 0;
    let isOver = false;
    const visiting = (async () => {
      while (!isOver) {
        const { status } = await view(web, 'v');
        if (status === 200) counted++;
        else if (status === 503) uncounted++;
        else throw new Error(`answered ${status}`);
      }
    })();
    await eventually(() => counted > 10);
    await redis.stop();
    await eventually(() => uncounted > 10);
    await redis.start();
    const before = counted;
    await eventually(() => counted > before + 10);
    isOver = true;
    await visiting;
    const said = web.program.log.filter(({ msg }) => /^Redis /.test(String(msg)));
    expect(said).toMatchObject([{ msg: 'Redis failing' }, ...said.slice(1, -1), { msg: 'Redis recovered' }]);
    // at its start and its end; in between only new reasons
    const reasons = said.slice(0, -1).map(({ reason }) => reason);
    expect(reasons).toEqual(reasons.filter((reason, index) => reason !== reasons[index - 1]));
  });

  it('a Redis that never answers delays each request only by its deadline', async () => {
    await using silent = await SilentServer.start();
    await using web = await RunningWeb.start({
      REDIS_URL: `redis://127.0.0.1:${silent.port}`,
      REDIS_TIMEOUT: '200ms',
    });
    const startedAt = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => view(web, `silent-${index}`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    // generous for a busy machine; without a deadline it would be forever
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('a request with many commands has one deadline for all of them', async () => {
    // each reply is in time, and says that there is more
    const reply = '*2\r\n$1\r\n7\r\n*0\r\n';
    await using slow = await ScriptedRedis.start({ reply, afterMs: 500 });
    await using web = await RunningWeb.start({
      REDIS_URL: `redis://127.0.0.1:${slow.port}`,
      REDIS_TIMEOUT: '2s',
    });
    const answer = await web.fetch('/api/views');
    expect(await answer.json()).toMatchObject({ status: 503, code: 'redis-timeout' });
  });

  it('a silent connection is replaced', async () => {
    await using redis = await RedisServer.start();
    await using web = await RunningWeb.start({
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      REDIS_TIMEOUT: '100ms',
    });
    expect((await view(web, 'a')).status).toBe(200);
    process.kill(redis.pid, 'SIGSTOP');
    const frozen = await view(web, 'b');
    expect(await frozen.json()).toMatchObject({ status: 503, code: 'redis-timeout' });
    process.kill(redis.pid, 'SIGCONT');
    await eventually(async () => (await view(web, 'c')).status === 200);
  });

  it('an error reply is a 503 with its own code', async () => {
    await using redis = await RedisServer.start(['--requirepass', 'secret']);
    await using web = await RunningWeb.start({ REDIS_URL: `redis://127.0.0.1:${redis.port}` });
    const answer = await web.fetch('/api/views');
    expect(answer.status).toBe(503);
    expect(web.program.stderr.join('\n')).toMatch(/NOAUTH/);
  });

  it.each([
    ['OOM', ['--maxmemory', '1']],
    ['READONLY', ['--replicaof', '127.0.0.1 1']],
  ])('a Redis that refuses writes (%s) costs only the count of a view', async (word, args) => {
    await using redis = await RedisServer.start(args);
    await using web = await RunningWeb.start({ REDIS_URL: `redis://127.0.0.1:${redis.port}` });
    const answer = await view(web, 'refused');
    expect(await answer.json()).toMatchObject({ status: 503, code: 'redis-refused' });
    expect((await web.fetch('/')).status).toBe(200);
    expect(web.program.stderr.join('\n')).toContain(word);
  });

  it.each([
    ['LOADING Redis is loading the dataset in memory', 'redis-away', 'Redis cannot be reached'],
    ['LOADING proxy: upstream redis:6379 is unavailable', 'redis-away', 'Redis cannot be reached'],
    ['LOST proxy: upstream connection lost', 'redis-away', 'Redis cannot be reached'],
    [
      "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
      'redis-away',
      'Redis cannot be reached',
    ],
    ['CLUSTERDOWN The cluster is down', 'redis-away', 'Redis cannot be reached'],
    ['NOPERM this user has no permissions', 'redis-refused', 'Redis answered with an error'],
    ['ERR LOADING is no reason here', 'redis-refused', 'Redis answered with an error'],
  ])('the first word of an error decides between away and refused: %s', async (error, code, detail) => {
    await using server = await ScriptedRedis.start({ reply: `-${error}\r\n` });
    await using web = await RunningWeb.start({ REDIS_URL: `redis://127.0.0.1:${server.port}` });
    const answer = await view(web, 'told');
    expect(await answer.json()).toMatchObject({ status: 503, code, detail });
  });

  it('the password of the URL or of a file is used and never logged', async () => {
    await using redis = await RedisServer.start(['--requirepass', 'sesame-7']);
    await using web = await RunningWeb.start({ REDIS_URL: `redis://:sesame-7@127.0.0.1:${redis.port}` });
    expect((await view(web, 'a')).status).toBe(200);
    expect(web.program.stderr.join('\n')).not.toContain('sesame-7');
  });

  it('web with --redis-required is ready only while Redis answers', async () => {
    const port = await freePort();
    await using web = await RunningWeb.start(
      { REDIS_URL: `redis://127.0.0.1:${port}` },
      { args: ['--redis-required'] },
    );
    const ready = async () => (await web.admin('/readyz')).status;
    const refused = await web.admin('/readyz');
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      reasons: { redis: expect.stringContaining('ECONNREFUSED') },
    });
    await using redis = await RedisServer.start([], port);
    await eventually(async () => (await ready()) === 200);
    // even if no request notices it
    process.kill(redis.pid, 'SIGSTOP');
    await eventually(async () => (await ready()) === 503);
    process.kill(redis.pid, 'SIGCONT');
    await eventually(async () => (await ready()) === 200);
  });
});
