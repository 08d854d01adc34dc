import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { RunningWeb } from './running-web.ts';

/** Stands for shipper and adaptor: an admin port, and a port for StatsD. A real process, so that it can be stopped. */
const helperScript = `
const udp = require('node:dgram').createSocket('udp4');
const http = require('node:http').createServer((_, response) => response.end('{}'));
udp.bind(0, '127.0.0.1', () => http.listen(0, '127.0.0.1', () => {
  console.error(JSON.stringify({ msg: 'up', udp: udp.address().port, http: http.address().port }));
}));`;

/** A pod in which every helper has answered, and hangs from now on: the kernel takes what they are sent, nobody reads it. */
async function hangingPod(env: Readonly<Record<string, string>> = {}) {
  const redis = await RedisServer.start();
  const helper = new RunningProgram(process.execPath, ['-e', helperScript]);
  const ports = await helper.waitForLog('up');
  const admin = `http://127.0.0.1:${ports['http']}`;
  const web = await RunningWeb.start({
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    STATSD: `127.0.0.1:${ports['udp']}`,
    LOG_SHIPPER_URL: admin,
    STATSD_ADAPTOR_URL: admin,
    REDIS_AMBASSADOR_URL: admin,
    REDIS_TIMEOUT: '500ms',
    ...env,
  });
  expect((await view(web)).status).toBe(200);
  expect(await (await web.fetch('/api/pod')).text()).not.toContain('"state":"down"');
  process.kill(redis.pid, 'SIGSTOP');
  helper.process.kill('SIGSTOP');
  return { redis, helper, web };
}

const view = (web: RunningWeb) => web.fetch('/api/views/home', { method: 'POST' });

/** Far more than anything here takes, and far less than a program that waits for who hangs. */
const soon = { timeout: 30_000 };

describe('when all helpers hang', needs(redisServer), () => {
  it('each request is answered within its deadline, with when to come again', soon, async () => {
    const pod = await hangingPod();
    await using _redis = pod.redis;
    await using _helper = pod.helper;
    await using web = pod.web;
    // the connection that hangs, the one that is made anew and gets no greeting, and none at all
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
    expect(await page.text()).toContain('Redis is away');
    expect((await web.fetch('/api/info')).status).toBe(200);
    expect((await web.admin('/readyz')).status).toBe(200);
    expect((await web.admin('/livez')).status).toBe(200);
  });

  it('the picture of the pod says so, and event streams go on', soon, async () => {
    const pod = await hangingPod();
    await using _redis = pod.redis;
    await using _helper = pod.helper;
    await using web = pod.web;
    const hangUp = new AbortController();
    const stream = await web.fetch('/events', { signal: hangUp.signal });
    let text = '';
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.match(/"summary":"no answer in time"/g)?.length === 3) break;
    }
    hangUp.abort();
    expect(await (await web.fetch('/api/pod')).text()).toContain('"summary":"no answer in time"');
  });

  it('StatsD lines that nobody reads hold up no request', soon, async () => {
    const pod = await hangingPod();
    await using _redis = pod.redis;
    await using _helper = pod.helper;
    await using web = pod.web;
    // far more than the receive buffer of the socket that is not read: 4,000 lines of a hundred bytes
    for (let round = 0; round < 40; round++) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => web.fetch('/api/info')));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    }
    const metrics = await (await web.admin('/metrics')).text();
    expect(metrics).toMatch(/^web_statsd_errors_total 0$/m);
  });

  it('a stop answers the requests under way and ends by itself', soon, async () => {
    const pod = await hangingPod({ REDIS_TIMEOUT: '5s', SHUTDOWN_TIMEOUT: '50s' });
    await using _redis = pod.redis;
    await using _helper = pod.helper;
    await using web = pod.web;
    const stream = await web.fetch('/events');
    const underWay = Array.from({ length: 20 }, () => view(web));
    await eventually(async () =>
      (await (await web.admin('/metrics')).text()).includes('web_in_flight_requests 20'),
    );
    web.program.process.kill('SIGTERM');
    await stream.text();
    const statuses = (await Promise.all(underWay)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([503]));
    expect(await web.program.ended).toEqual({ code: 0, signal: null });
  });

  it('and go on, counting does as well', soon, async () => {
    const pod = await hangingPod();
    await using redis = pod.redis;
    await using helper = pod.helper;
    await using web = pod.web;
    expect((await view(web)).status).toBe(503);
    process.kill(redis.pid, 'SIGCONT');
    helper.process.kill('SIGCONT');
    await eventually(async () => (await view(web)).status === 200);
    await eventually(async () => !(await (await web.fetch('/api/pod')).text()).includes('"state":"down"'));
  });
});
