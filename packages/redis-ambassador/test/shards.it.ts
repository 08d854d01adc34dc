import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { ClusterGroup } from './support/cluster-group.ts';
import { bulk, RawConnection } from './support/raw-connection.ts';
import { askPort } from './support/sentinel-group.ts';

async function startRing(resources: AsyncDisposableStack): Promise<string> {
  const hosts: string[] = [];
  for (const _ of [1, 2, 3]) hosts.push(`127.0.0.1:${resources.use(await RedisServer.start()).port}`);
  return `redis-ring://${hosts.join(',')}?hash_tag={}`;
}

async function startCluster(resources: AsyncDisposableStack): Promise<string> {
  return resources.use(await ClusterGroup.start({ replicas: 0 })).url();
}

// twemproxy's hash places keys that differ only at the end on one server
const keys = Array.from({ length: 30 }, (_, index) => `${index}: a key of some length`);

describe.each([
  ['a Cluster', startCluster],
  ['a ring', startRing],
])('in front of %s', needs(redisServer), (_, start) => {
  const resources = new AsyncDisposableStack();
  let ambassador: Ambassador;
  beforeAll(async () => {
    ambassador = resources.use(await Ambassador.start(await start(resources)));
    await eventually(async () => (await askPort(ambassador.port, 'SET', 'a', 'b')) === '+OK\r\n');
  });
  afterAll(() => resources.disposeAsync());
  beforeEach(async () => {
    expect(await askPort(ambassador.port, 'FLUSHALL')).toBe('+OK\r\n');
  });

  const open = () => RawConnection.open(ambassador.port);

  it('commands with many keys are split, and their replies merged', async () => {
    using client = await open();
    expect(await client.ask('MSET', ...keys.flatMap((key) => [key, `value of ${key}`]))).toBe('+OK\r\n');
    const values = keys.map((key) => bulk(`value of ${key}`)).join('');
    expect(await client.ask('MGET', ...keys, 'none')).toBe(`*31\r\n${values}$-1\r\n`);
    expect(await client.ask('EXISTS', ...keys, 'none', String(keys[0]))).toBe(':31\r\n');
    expect(await client.ask('TOUCH', ...keys, 'none')).toBe(':30\r\n');
    expect(await client.ask('UNLINK', ...keys.slice(0, 10), 'none')).toBe(':10\r\n');
    expect(await client.ask('DEL', ...keys)).toBe(':20\r\n');
  });

  it('SCAN, DBSIZE and KEYS cover all servers', async () => {
    using client = await open();
    await client.ask('MSET', ...keys.flatMap((key) => [key, '1']));
    expect(await client.ask('DBSIZE')).toBe(':30\r\n');
    expect(await client.ask('KEYS', '*key*')).toMatch(/^\*30\r\n/);
    const found: string[] = [];
    let cursor = '0';
    do {
      const [, , next = '0', ...rest] = (await client.ask('SCAN', cursor, 'COUNT', '4')).split('\r\n');
      found.push(...rest.filter((text) => text.includes('key')));
      cursor = next;
    } while (cursor !== '0');
    expect(new Set(found)).toEqual(new Set(keys));
  });

  it('a transaction runs on the server of its keys, and is aborted if a watched key has changed', async () => {
    using client = await open();
    client.command('MULTI').command('SET', '{u}a', '1').command('INCR', '{u}a').command('EXEC');
    for (const reply of ['+OK\r\n', '+QUEUED\r\n', '+QUEUED\r\n', '*2\r\n+OK\r\n:2\r\n']) {
      expect(await client.reply()).toBe(reply);
    }
    expect(await client.ask('WATCH', '{u}a')).toBe('+OK\r\n');
    expect(await askPort(ambassador.port, 'SET', '{u}a', 'other')).toBe('+OK\r\n');
    client.command('MULTI').command('SET', '{u}b', '1').command('EXEC');
    for (const reply of ['+OK\r\n', '+QUEUED\r\n', '*-1\r\n']) expect(await client.reply()).toBe(reply);
    expect(await client.ask('EXISTS', '{u}b')).toBe(':0\r\n');
  });

  it('scripts run on the server of their keys, and a loaded one is known everywhere', async () => {
    using client = await open();
    const script = "return redis.call('INCR', KEYS[1])";
    for (const key of keys) expect(await client.ask('EVAL', script, '1', key)).toBe(':1\r\n');
    const loaded = await client.ask('SCRIPT', 'LOAD', "return redis.call('GET', KEYS[1])");
    const [, sha = ''] = loaded.split('\r\n');
    expect(await client.ask('SCRIPT', 'EXISTS', sha)).toBe('*1\r\n:1\r\n');
    for (const key of keys) expect(await client.ask('EVALSHA', sha, '1', key)).toBe(bulk('1'));
  });

  it('a client blocks for a key on any server', async () => {
    using client = await open();
    for (const key of keys.slice(0, 6)) {
      client.command('BLPOP', key, '20');
      expect(await askPort(ambassador.port, 'RPUSH', key, 'v')).toBe(':1\r\n');
      expect(await client.reply()).toBe(`*2\r\n${bulk(key)}${bulk('v')}`);
    }
  });

  it.each([
    ['SUBSCRIBE', 'PUBLISH', 'message'],
    ['SSUBSCRIBE', 'SPUBLISH', 'smessage'],
  ])('%s receives the messages of %s', async (subscribe, publish, kind) => {
    using listener = await open();
    // sharded channels of one command must be in the same slot
    for (const channel of ['{news}', '{news}.more']) {
      expect(await listener.ask(subscribe, channel)).toContain(subscribe.toLowerCase());
      expect(await askPort(ambassador.port, publish, channel, 'text')).toMatch(/^:\d/);
      expect(await listener.reply()).toBe(`*3\r\n${bulk(kind)}${bulk(channel)}${bulk('text')}`);
    }
  });

  it.each([
    ['SUNION', ...keys],
    ['MSETNX', ...keys.flatMap((key) => [key, 'value'])],
    ['EVAL', 'return 1', '30', ...keys],
    ['BLPOP', ...keys, '1'],
  ])('%s over several servers is refused at once', async (...words) => {
    using client = await open();
    client.command(...words).command('PING');
    expect(await client.reply()).toMatch(/^-CROSSSLOT /);
    expect(await client.reply()).toBe('+PONG\r\n');
  });

  it.each([['CLUSTER', 'SLOTS'], ['MONITOR'], ['WAIT', '1', '0']])(
    '%s is refused at once, as it would be about one server',
    async (...words) => {
      using client = await open();
      client.command(...words).command('PING');
      expect(await client.reply()).toMatch(/^-ERR /);
      expect(await client.reply()).toBe('+PONG\r\n');
    },
  );
});
