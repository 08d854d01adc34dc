import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { ClusterGroup } from './support/cluster-group.ts';
import { RawConnection, request } from './support/raw-connection.ts';

const entry = join(import.meta.dirname, '../src/main.ts');

interface Report {
  readonly kind: string;
  readonly nodes: ReadonlyArray<{ address: string; role: string; state: string; slots: number[][] }>;
}

describe('the admin port', needs(redisServer), () => {
  it('shows the nodes of a Cluster, with slots and roles', async () => {
    await using group = await ClusterGroup.start();
    await using ambassador = await Ambassador.start(group.url());
    const report = await eventually(async () => {
      const now = await ambassador.admin<Report>('/topology');
      return now.nodes.filter(({ state }) => state === 'up').length >= 3 ? now : undefined;
    });
    expect(report.kind).toBe('cluster');
    expect(report).toMatchObject({ failovers: 0, redirects: { moved: 0, ask: 0 } });
    const primaries = report.nodes.filter(({ role }) => role === 'primary');
    expect(primaries.map(({ slots }) => slots)).toEqual([[[0, 5461]], [[5462, 10_923]], [[10_924, 16_383]]]);
  });

  it('shows slow commands without their values, and the most requested keys', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port, ['--slow', '50ms']);
    using client = await RawConnection.open(ambassador.port);
    await eventually(async () => (await client.ask('SET', 'k', 'v')) === '+OK\r\n');
    const script =
      "local t = redis.call('TIME'); local e = t[1] * 1e6 + t[2] + 200000; repeat t = redis.call('TIME') until t[1] * 1e6 + t[2] > e; return 1";
    expect(await client.ask('EVAL', script, '1', 'slow-key', 'secret')).toBe(':1\r\n');
    const [slow] = await ambassador.admin<ReadonlyArray<Record<string, unknown>>>('/slow');
    expect(slow).toMatchObject({ command: 'eval', key: 'slow-key', node: `127.0.0.1:${redis.port}` });
    expect(slow?.['durationMs']).toBeGreaterThan(150);
    expect(slow?.['client']).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(JSON.stringify(slow)).not.toContain('secret');
    client.send(Buffer.concat(Array.from({ length: 1000 }, () => request('GET', 'hot'))));
    for (let reply = 0; reply < 1000; reply++) await client.reply();
    const [hot] = await ambassador.admin<ReadonlyArray<{ key: string; requests: number }>>('/hot-keys');
    expect(hot).toMatchObject({ key: 'hot' });
  });
});

describe('--deny', needs(redisServer), () => {
  it('keeps commands from Redis, in any case and in transactions', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port, ['--deny', 'FLUSHALL,config|set']);
    using client = await RawConnection.open(ambassador.port);
    await eventually(async () => (await client.ask('SET', 'k', 'v')) === '+OK\r\n');
    const denied = (name: string) => `-NOPERM redis-ambassador: command '${name}' is denied\r\n`;
    expect(await client.ask('flushall')).toBe(denied('flushall'));
    expect(await client.ask('CONFIG', 'SET', 'maxmemory', '1')).toBe(denied('config|set'));
    expect(await client.ask('CONFIG', 'GET', 'maxmemory')).toMatch(/^\*2/);
    client.command('GET', 'k').command('FLUSHALL').command('GET', 'k');
    for (const reply of ['$1\r\nv\r\n', denied('flushall'), '$1\r\nv\r\n'])
      expect(await client.reply()).toBe(reply);
    await client.ask('MULTI');
    expect(await client.ask('FLUSHALL')).toBe(denied('flushall'));
    await client.closed();
    expect(await ambassador.metric('redis_ambassador_errors_total{reason="denied"}')).toBe(4);
  });

  it('with an unknown command is refused with exit code 2', () => {
    const args = [entry, '--upstream', 'redis://127.0.0.1:1', '--deny', 'FLUSHALL,NOSUCH'];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([
      2,
      'redis-ambassador: --deny "FLUSHALL,NOSUCH": contains an unknown command\n',
    ]);
  });
});
