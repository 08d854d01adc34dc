import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { loadUntilGone } from './load.ts';
import { RunningWeb } from './running-web.ts';
import { StatsdReceiver } from './statsd-receiver.ts';

const ended = { code: 0, signal: null };

describe('a stop', () => {
  it(
    'under load fails no request, and what was answered is in Redis, StatsD and the log',
    needs(redisServer),
    async () => {
      await using redis = await RedisServer.start();
      await using statsd = await StatsdReceiver.start();
      await using web = await RunningWeb.start({
        REDIS_URL: `redis://127.0.0.1:${redis.port}`,
        STATSD: statsd.address,
        LOG_MAX_FILES: '100',
      });
      const paths = ['/api/views/home', '/api/views/about', '/api/views/docs'];
      const load = loadUntilGone({ url: web.url, paths, method: 'POST', connections: 32 });
      await eventually(() => statsd.count('web.page_views') > 1000);
      expect(await web.program.stop()).toEqual(ended);
      const { failures, statuses, answered, closing } = await load;
      expect(failures).toEqual([]);
      expect(statuses).toEqual(new Set([200]));
      expect(closing).toBeGreaterThanOrEqual(32);
      expect(web.logLines('access')).toHaveLength(answered);
      await eventually(() => statsd.count('web.page_views') === answered);
    },
  );

  it('fails no request of clients that open a connection for each', async () => {
    await using web = await RunningWeb.start({ LOG_MAX_FILES: '100' });
    const paths = ['/api/info'];
    const load = loadUntilGone({ url: web.url, paths, connections: 4, withoutKeepAlive: true });
    await eventually(() => web.logLines('access').length > 100);
    expect(await web.program.stop()).toEqual(ended);
    const { failures, answered } = await load;
    expect(failures).toEqual([]);
    expect(web.logLines('access')).toHaveLength(answered);
  });

  it('accepts new connections during --drain-delay, is unready at once, and sends Connection: close', async () => {
    await using web = await RunningWeb.start({ DRAIN_DELAY: '2s' });
    web.program.process.kill('SIGTERM');
    await eventually(async () => (await web.admin('/readyz')).status === 503);
    const late = await web.fetch('/api/info');
    expect([late.status, late.headers.get('connection')]).toEqual([200, 'close']);
    expect(await web.program.ended).toEqual(ended);
  });

  it('waits for a request in progress and answers it with Connection: close', async () => {
    await using web = await RunningWeb.start();
    const half = request(`${web.url}/api/cache/slow`, { method: 'PUT', headers: { 'content-length': '4' } });
    half.write('ha');
    await eventually(async () =>
      (await (await web.admin('/metrics')).text()).includes('web_in_flight_requests 1'),
    );
    web.program.process.kill('SIGTERM');
    await web.program.waitForLog('stopping');
    // the listener is closed by then
    await eventually(async () => (await web.fetch('/api/info').catch(() => 'refused')) === 'refused');
    half.end('lf');
    const [answer] = await once(half, 'response');
    // Redis is away here, so the application itself answers 503
    expect([answer.statusCode, answer.headers.connection]).toEqual([503, 'close']);
    answer.resume();
    expect(await web.program.ended).toEqual(ended);
  });

  it.each([1, 3])('answers %i more requests on an idle connection, and ends with the last', async (count) => {
    await using web = await RunningWeb.start();
    const socket = connect(Number(new URL(web.url).port), '127.0.0.1').setEncoding('utf8');
    const get = 'GET /api/info HTTP/1.1\r\nhost: a\r\n\r\n';
    socket.write(get);
    await once(socket, 'data');
    web.program.process.kill('SIGTERM');
    await web.program.waitForLog('stopping');
    socket.write(get.repeat(count));
    const rest = (await socket.toArray()).join('');
    expect(rest.match(/HTTP\/1\.1 200 OK\r\n/g)).toHaveLength(count);
    expect(rest.match(/\r\nconnection: close\r\n/gi)).toHaveLength(1);
    expect(await web.program.ended).toEqual(ended);
  });

  it('is not delayed by idle or silent connections', async () => {
    await using web = await RunningWeb.start({ SHUTDOWN_TIMEOUT: '60s' });
    const port = Number(new URL(web.url).port);
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    await web.fetch('/api/info');
    web.program.process.kill('SIGTERM');
    expect(await web.program.ended).toEqual(ended);
    silent.destroy();
  });

  it.each([
    ['a tunnel', 'CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\nmore'],
    ['another protocol', '\x16\x03\x01'],
    ['an upgrade', 'GET /api/info HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\nmore'],
    ['too large a header', `GET / HTTP/1.1\r\nx: ${'a'.repeat(40_000)}`],
  ])('is not delayed by a client that asked for %s and keeps its side open, or is gone', async (_, bytes) => {
    await using web = await RunningWeb.start({ SHUTDOWN_TIMEOUT: '20s' });
    const port = Number(new URL(web.url).port);
    const stays = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const leaves = connect({ port, host: '127.0.0.1' });
    for (const client of [stays, leaves]) {
      client.on('error', () => {}).write(bytes, 'latin1');
      await once(client, 'data');
    }
    leaves.destroy();
    expect(await web.program.stop()).toEqual(ended);
    stays.destroy();
  });

  it('cuts off requests at the end of --shutdown-timeout', async () => {
    await using web = await RunningWeb.start({ SHUTDOWN_TIMEOUT: '4s' });
    const half = request(`${web.url}/api/cache/never`, { method: 'PUT', headers: { 'content-length': '4' } });
    const failed = once(half, 'error');
    half.write('ha');
    await eventually(async () =>
      (await (await web.admin('/metrics')).text()).includes('web_in_flight_requests 1'),
    );
    expect(await web.program.stop()).toEqual(ended);
    await failed;
  });

  it('ends at once after a second signal', async () => {
    await using web = await RunningWeb.start();
    const half = request(`${web.url}/api/cache/never`, { method: 'PUT', headers: { 'content-length': '4' } });
    half.on('error', () => {}).write('ha');
    await eventually(async () =>
      (await (await web.admin('/metrics')).text()).includes('web_in_flight_requests 1'),
    );
    web.program.process.kill('SIGTERM');
    await web.program.waitForLog('stopping');
    expect(await web.program.stop('SIGINT')).toEqual({ code: 130, signal: null });
  });

  it('writes its last lines to app.log', async () => {
    await using web = await RunningWeb.start();
    await web.program.stop();
    expect(web.logLines('app').map(({ msg }) => msg)).toContain('stopping');
  });
});
