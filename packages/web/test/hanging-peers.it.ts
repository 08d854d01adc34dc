import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { RunningWeb } from './running-web.ts';

/** Receives StatsD lines in a real process, so that it can be stopped. */
const receiverScript = `
const udp = require('node:dgram').createSocket('udp4');
udp.bind(0, '127.0.0.1', () => console.error(JSON.stringify({ msg: 'up', port: udp.address().port })));`;

/** Redis and StatsD have answered and hang from now on: the kernel receives their data, and nobody reads it. */
async function withHangingPeers(env: Readonly<Record<string, string>> = {}) {
  const redis = await RedisServer.start();
  const receiver = new RunningProgram(process.execPath, ['-e', receiverScript]);
  const { port } = await receiver.waitForLog('up');
  const web = await RunningWeb.start({
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    STATSD: `127.0.0.1:${port}`,
    REDIS_TIMEOUT: '500ms',
    ...env,
  });
  expect((await view(web)).status).toBe(200);
  process.kill(redis.pid, 'SIGSTOP');
  receiver.process.kill('SIGSTOP');
  return { redis, receiver, web };
}

const view = (web: RunningWeb) => web.fetch('/api/views/home', { method: 'POST' });

/** Far longer than any step here, and far shorter than waiting for a hanging peer. */
const soon = { timeout: 30_000 };

describe('when Redis and StatsD hang', needs(redisServer), () => {
  it('each request is answered within its deadline, with Retry-After', soon, async () => {
    const all = await withHangingPeers();
    await using _redis = all.redis;
    await using _receiver = all.receiver;
    await using web = all.web;
    // the hanging connection, the new one without a greeting, and none at all
    const codes = new Set<unknown>();
    await eventually(async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, () => view(web)));
      for (const answer of answers) {
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
        codes.add(JSON.parse(await answer.text()).code);
      }
      return codes.size === 2;
    });
    expect([...codes].sort()).toEqual(['redis-away', 'redis-timeout']);
    const page = await web.fetch('/');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Redis is unavailable');
    expect((await web.fetch('/api/info')).status).toBe(200);
    expect((await web.admin('/readyz')).status).toBe(200);
    expect((await web.admin('/livez')).status).toBe(200);
  });

  it('unread StatsD lines delay no request', soon, async () => {
    const all = await withHangingPeers();
    await using _redis = all.redis;
    await using _receiver = all.receiver;
    await using web = all.web;
    // far more than the receive buffer of the unread socket: 4,000 lines of 100 bytes
    for (let round = 0; round < 40; round++) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => web.fetch('/api/info')));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    }
    const metrics = await (await web.admin('/metrics')).text();
    expect(metrics).toMatch(/^web_statsd_errors_total 0$/m);
  });

  it('a stop answers the requests in progress and ends by itself', soon, async () => {
    const all = await withHangingPeers({ REDIS_TIMEOUT: '5s', SHUTDOWN_TIMEOUT: '50s' });
    await using _redis = all.redis;
    await using _receiver = all.receiver;
    await using web = all.web;
    const underWay = Array.from({ length: 20 }, () => view(web));
    await eventually(async () =>
      (await (await web.admin('/metrics')).text()).includes('web_in_flight_requests 20'),
    );
    web.program.process.kill('SIGTERM');
    const statuses = (await Promise.all(underWay)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([503]));
    expect(await web.program.ended).toEqual({ code: 0, signal: null });
  });

  it('counting resumes when they continue', soon, async () => {
    const all = await withHangingPeers();
    await using redis = all.redis;
    await using receiver = all.receiver;
    await using web = all.web;
    expect((await view(web)).status).toBe(503);
    process.kill(redis.pid, 'SIGCONT');
    receiver.process.kill('SIGCONT');
    await eventually(async () => (await view(web)).status === 200);
  });
});
