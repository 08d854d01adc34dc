import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mustDocker } from '../images/docker.ts';
import { LimitedContainer } from './limited.ts';
import { type Held, holdMany, send } from './send.ts';

const port = 8080;
const kib64 = 'b'.repeat(65_000);

/** Each flood opens many connections, requests as much as it can, and reads nothing. */
const floods: ReadonlyArray<readonly [name: string, connections: number, text: () => string]> = [
  ['connections that send nothing', 10_000, () => ''],
  ['connections that are kept open', 10_000, () => get('/api/info')],
  ['headers that do not end', 5000, () => `GET / HTTP/1.1\r\nhost: a\r\nx: ${'h'.repeat(30_000)}`],
  ['bodies that do not end', 3000, () => put('large', 66_000) + kib64],
  ['lists of a million pages', 500, () => get('/api/views').repeat(10)],
  ['answers that are not read', 3000, () => get('/api/cache/large').repeat(30)],
  ['thousands of requests in one packet', 3000, () => get('/api/info').repeat(1000)],
  ['pages', 3000, () => get('/pages/about').repeat(10)],
];

describe('the container of web, with the memory of its manifest', () => {
  let redis: string;
  let web: LimitedContainer;
  beforeEach(async () => {
    redis = mustDocker('run', '--detach', 'redis:8', 'redis-server', '--save', '', '--protected-mode', 'no');
    const address = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const redisUrl = `redis://${mustDocker('inspect', `--format=${address}`, redis)}:6379`;
    web = await LimitedContainer.start({
      image: 'web',
      memoryMiB: 256,
      adminPort: 8081,
      args: ['--log-dir=/tmp', `--redis-url=${redisUrl}`, '--statsd=127.0.0.1:1'],
      // as in its manifest, where the log volume is on a disk
      flags: ['--env=NODE_OPTIONS=--max-semi-space-size=16', '--volume=/tmp'],
    });
    const million = `for at = 1, 1000000 do redis.call('HSET', KEYS[1], 'page-' .. at, 1) end`;
    mustDocker('exec', redis, 'redis-cli', 'eval', million, '1', 'views');
    await send(web.address, port, [put('large', kib64.length) + kib64]);
  });
  afterEach(() => {
    web[Symbol.dispose]();
    mustDocker('rm', '--force', '--volumes', redis);
  });

  it.each(floods)('survives a flood of %s (%d) and counts what it drops', async (name, count, text) => {
    const before = web.fate;
    const flood: Held[] = [];
    const answers = await web.liveDuring(
      holdMany({ host: web.address, port, count, text }).then((held) => flood.push(held)),
    );
    await eventually(async () => (await web.metric('web_overload_total')) > 0);
    console.log(`${name}: peak ${web.peakMiB} MiB`);
    for (const held of flood) held[Symbol.dispose]();
    await eventually(async () => (await fetch(`http://${web.address}:${port}/api/info`)).status === 200);
    expect(answers).toBeGreaterThan(0);
    expect(web.fate).toEqual(before);
  });
});

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`;
}

function put(key: string, length: number): string {
  return `PUT /api/cache/${key} HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\n`;
}
