import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mustDocker } from '../images/docker.ts';
import { LimitedContainer } from './limited.ts';
import { holdMany, open } from './send.ts';

const port = 6379;
const value = 'v'.repeat(500_000);

/** Each flood opens many connections, requests as much as it can, and reads nothing. */
const floods: ReadonlyArray<readonly [name: string, connections: number, text: (at: number) => string]> = [
  ['clients that send nothing', 10_000, () => ''],
  ['replies that are not read', 300, () => command('GET', 'large').repeat(100)],
  ['small replies that are not read', 1000, () => command('GET', 'small').repeat(5000)],
  ['commands that do not end', 2000, () => `*3\r\n$3\r\nSET\r\n$1\r\na\r\n$500000\r\n${value.slice(9)}`],
  ['commands of megabytes', 300, () => command('SET', 'large', value + value + value)],
  ['transactions that do not end', 900, () => command('MULTI') + command('SET', 'a', value).repeat(4)],
  ['subscribers that do not read', 900, () => command('SUBSCRIBE', 'news')],
  ['malformed commands', 3000, (at) => `${at} ${'x'.repeat(20_000)}\r\n`.repeat(3)],
];

describe('the container of redis-ambassador, with the memory of its manifest', () => {
  let redis: string;
  let ambassador: LimitedContainer;
  beforeEach(async () => {
    redis = mustDocker('run', '--detach', 'redis:8', 'redis-server', '--save', '', '--protected-mode', 'no');
    const address = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const upstream = `redis://${mustDocker('inspect', `--format=${address}`, redis)}:6379`;
    ambassador = await LimitedContainer.start({
      image: 'redis-ambassador',
      memoryMiB: 256,
      adminPort: 9103,
      args: ['--listen=0.0.0.0:6379', `--upstream=${upstream}`],
    });
    const fill = `redis.call('SET', 'large', string.rep('v', 500000)) redis.call('SET', 'small', 'v')`;
    mustDocker('exec', redis, 'redis-cli', 'eval', fill, '0');
  });
  afterEach(() => {
    ambassador[Symbol.dispose]();
    mustDocker('rm', '--force', '--volumes', redis);
  });

  it.each(floods)('survives a flood of %s (%d) and keeps serving', async (name, count, text) => {
    const before = ambassador.fate;
    const host = ambassador.address;
    const flood: Disposable[] = [];
    const answers = await ambassador.liveDuring(
      holdMany({ host, port, count, text }).then((held) => flood.push(held)),
    );
    const publish = `for at = 1, 200 do redis.call('PUBLISH', 'news', string.rep('n', 50000)) end`;
    mustDocker('exec', redis, 'redis-cli', 'eval', publish, '0');
    for (let time = 0; time < 20; time++) expect(await ambassador.isLive()).toBe(true);
    const rejected = await ambassador.metric('redis_ambassador_rejected_total');
    console.log(`${name}: peak ${ambassador.peakMiB} MiB, ${rejected} rejected`);
    for (const held of flood) held[Symbol.dispose]();
    // Redis was flooded too
    await eventually(async () => (await ping(host)) === '+PONG\r\n', { timeoutMs: 60_000 });
    expect(answers).toBeGreaterThan(0);
    expect(ambassador.fate).toEqual(before);
  });
});

function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

async function ping(host: string): Promise<string> {
  const socket = await open(host, port);
  if (socket === undefined) return '';
  const text: Promise<string> = new Promise((resolve) => {
    socket.once('data', (bytes) => resolve(String(bytes))).once('close', () => resolve(''));
  });
  socket.write(command('PING'));
  const answer = await text;
  socket.destroy();
  return answer;
}
