import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RawConnection, request } from './support/raw-connection.ts';

const entry = join(import.meta.dirname, '../src/main.ts');

describe('options', () => {
  it.each([
    ['redis-sentinel://s1:26379,s2:0/mymaster'],
    ['redis-cluster://n1:6379,n2:6379/1'],
    ['redis-ring://h1:6379,h2:6379?hash=fnv'],
    ['http://localhost'],
    ['redis://localhost:6379/x'],
    ['redis://localhost:6379?ring=1'],
  ])('%s is refused with exit code 2', (url) => {
    const { status, stderr } = spawnSync(process.execPath, [entry, '--upstream', url], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^redis-ambassador: --upstream ".*": (expected redis:\/\/|hash: expected|a Cluster has no databases|port out of range|the database|unknown key).*\n$/,
    );
  });

  it('without an upstream are refused', () => {
    const { status, stderr } = spawnSync(process.execPath, [entry], { encoding: 'utf8', env: {} });
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^redis-ambassador: --upstream: is required \(or UPSTREAM, UPSTREAM_FILE\): expected redis:.*\n$/,
    );
  });

  it('include --links as the deprecated name of --connections', () => {
    const args = [entry, '--upstream', 'redis://localhost', '--links', '3', '--print-config'];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(JSON.parse(stdout).CONNECTIONS).toBe('3');
  });

  it('never show secrets', () => {
    const env = { UPSTREAM: 'redis://app:secret@redis:6379/2' };
    const { stdout } = spawnSync(process.execPath, [entry, '--print-config'], { encoding: 'utf8', env });
    expect(JSON.parse(stdout).UPSTREAM).toBe('redis://app:***@redis:6379/2');
    expect(stdout).not.toContain('secret');
  });
});

describe('admin port', needs(redisServer), () => {
  it('reports the state in /readyz and /status', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port);
    using client = await RawConnection.open(ambassador.port);
    await client.ask('SET', 'a', '1');
    const since = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(await ambassador.admin('/readyz')).toEqual({
      ready: true,
      reasons: {},
      upstream: { state: 'up', since },
    });
    const address = `127.0.0.1:${redis.port}`;
    // the first health check takes place within a second
    const status = () =>
      ambassador.admin<{ topology: { nodes: Array<{ latencyMs: number | null }> } }>('/status');
    await eventually(async () => (await status()).topology.nodes[0]?.latencyMs !== null);
    expect(await status()).toEqual({
      clients: 1,
      links: { shared: 2, dedicated: 0 },
      inFlight: expect.any(Number),
      memory: { kind: 'RSS', bytes: expect.any(Number) },
      commands: { total: 1, perSecond: expect.any(Number) },
      errors: { total: 0 },
      upstream: { state: 'up', since },
      topology: {
        kind: 'standalone',
        nodes: [{ address, role: 'master', state: 'up', latencyMs: expect.any(Number) }],
      },
    });
  });
});

describe('stop', needs(redisServer), () => {
  it('answers pending requests, then closes each connection between two replies', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port);
    const clients = await Promise.all(Array.from({ length: 20 }, () => RawConnection.open(ambassador.port)));
    const sent = clients.map(() => 0);
    let isOver = false;
    const load = clients.map(async (client, index) => {
      while (!isOver && !client.isClosed) {
        const mark = `${index}:${sent[index]}`;
        sent[index] = (sent[index] ?? 0) + 4;
        client.send(Buffer.concat([0, 1, 2, 3].map((more) => request('ECHO', `${mark}+${more}`))));
        await client.settle(sent[index] ?? 0, 5000);
      }
    });
    await eventually(() => clients.every(({ frames }) => frames.length > 10));
    const ended = await ambassador.program.stop();
    isOver = true;
    await Promise.all(load);
    expect(ended).toEqual({ code: 0, signal: null });
    for (const [index, client] of clients.entries()) {
      await client.closed();
      // only whole replies, in order and without a gap
      const text = client.frames.map((frame) => frame.toString().split('\r\n')[1]);
      expect(Buffer.concat(client.frames)).toEqual(client.bytes);
      expect(text).toEqual(text.map((_, at) => `${index}:${at - (at % 4)}+${at % 4}`));
    }
  });

  it('does not wait for blocked or subscribed clients, and pops nothing for blocked ones', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port);
    using blocked = await RawConnection.open(ambassador.port);
    using subscriber = await RawConnection.open(ambassador.port);
    using idle = await RawConnection.open(ambassador.port);
    await subscriber.ask('SUBSCRIBE', 'a');
    blocked.command('BLPOP', 'q', '0');
    await eventually(async () => (await idle.ask('CLIENT', 'LIST')).includes('flags=b'));
    expect(await ambassador.program.stop()).toEqual({ code: 0, signal: null });
    await Promise.all([blocked, subscriber, idle].map((client) => client.closed()));
    expect(await blocked.reply()).toBe('*-1\r\n');
  });

  it('cuts off clients that stay connected beyond the deadline', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port, ['--shutdown-timeout', '1s']);
    using client = await RawConnection.open(ambassador.port);
    await client.ask('PING');
    process.kill(redis.pid, 'SIGSTOP');
    client.command('GET', 'a');
    await eventually(async () => (await ambassador.metric('redis_ambassador_in_flight')) > 0);
    expect(await ambassador.program.stop()).toEqual({ code: 0, signal: null });
    process.kill(redis.pid, 'SIGCONT');
  });
});

describe('logins', needs(redisServer), () => {
  it('to the upstream read the password file each time', async () => {
    using folder = tempDir();
    const file = folder.file('password');
    writeFileSync(file, 'first\n');
    await using redis = await RedisServer.start(['--requirepass', 'first']);
    await using ambassador = await Ambassador.start(redis.port, [], {
      env: { UPSTREAM_PASSWORD_FILE: file },
    });
    using client = await RawConnection.open(ambassador.port);
    expect(await client.ask('PING')).toBe('+PONG\r\n');
    writeFileSync(file, 'second\n');
    expect(await client.ask('CONFIG', 'SET', 'requirepass', 'second')).toBe('+OK\r\n');
    await client.ask('CLIENT', 'PAUSE', '0');
    using direct = await RawConnection.open(redis.port);
    expect(await direct.ask('AUTH', 'second')).toBe('+OK\r\n');
    expect(await direct.ask('CLIENT', 'KILL', 'TYPE', 'normal')).toBe(':2\r\n');
    await eventually(async () => (await client.ask('PING')) === '+PONG\r\n');
  });

  it('to the upstream are retried with the current file after a refusal, with one line in the log', async () => {
    using folder = tempDir();
    const file = folder.file('password');
    writeFileSync(file, 'before-rotation\n');
    await using redis = await RedisServer.start(['--requirepass', 'after-rotation']);
    await using ambassador = await Ambassador.start(redis.port, ['--upstream-password-file', file]);
    const sample = 'redis_ambassador_connect_failures_total{reason="login-refused"}';
    await eventually(async () => (await ambassador.metric(sample)) > 3);
    writeFileSync(file, 'after-rotation\n');
    using client = await RawConnection.open(ambassador.port);
    await eventually(async () => (await client.ask('PING')) === '+PONG\r\n');
    const lines = ambassador.program.stderr;
    expect(lines.filter((line) => line.includes('WRONGPASS'))).toHaveLength(1);
    expect(lines.join('\n')).not.toMatch(/(before|after)-rotation/);
  });

  it('to the upstream use the configured user and database', async () => {
    await using redis = await RedisServer.start(
      '--user app on >p%ss ~* &* +@all --user default off'.split(' '),
    );
    await using ambassador = await Ambassador.start(`redis://app:p%25ss@127.0.0.1:${redis.port}/3`);
    using client = await RawConnection.open(ambassador.port);
    expect(await client.ask('ACL', 'WHOAMI')).toBe('$3\r\napp\r\n');
    expect(await client.ask('CLIENT', 'INFO')).toContain(' db=3 ');
    await client.ask('SET', 'a', '1');
    expect(await client.ask('INFO', 'keyspace')).toContain('db3:keys=1');
    await client.ask('SELECT', '0');
    expect(await client.ask('GET', 'a')).toBe('$-1\r\n');
    await client.ask('RESET');
    expect(await client.ask('GET', 'a')).toBe('$1\r\n1\r\n');
  });

  it('to the upstream need a single permission, and other refusals come from Redis', async () => {
    await using redis = await RedisServer.start(
      '--user app on >secret ~a +get --user default off'.split(' '),
    );
    await using ambassador = await Ambassador.start(`redis://app:secret@127.0.0.1:${redis.port}`);
    using client = await RawConnection.open(ambassador.port);
    for (const words of [['SET', 'a', '1'], ['GET', 'b'], ['FLUSHALL'], ['WATCH', 'a'], ['SUBSCRIBE', 'a']]) {
      expect(await client.ask(...words), words.join(' ')).toMatch(/^-NOPERM /);
    }
    expect(await client.ask('SELECT', '1')).toMatch(/^-NOPERM /);
    expect(await client.ask('GET', 'a')).toBe('$-1\r\n');
    // its PING and CLIENT SETNAME are refused too
    expect(await ambassador.metric('redis_ambassador_upstream_up')).toBe(1);
  });

  it('of clients need the password, if one is set', async () => {
    using folder = tempDir();
    const file = folder.file('clients');
    writeFileSync(file, 'everyone\napp:secret\n');
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port, ['--client-auth-file', file]);
    const noAuth = '-NOAUTH Authentication required.\r\n';
    const wrong = '-WRONGPASS invalid username-password pair or user is disabled.\r\n';
    const cases: ReadonlyArray<readonly [words: string[], reply: string, isIn: boolean]> = [
      [['GET', 'a'], noAuth, false],
      [['CLIENT', 'ID'], noAuth, false],
      [['SUBSCRIBE', 'a'], noAuth, false],
      [['AUTH', 'nobody'], wrong, false],
      [['AUTH', 'secret'], wrong, false],
      [['AUTH', 'app', 'everyone'], wrong, false],
      [['AUTH', 'everyone'], '+OK\r\n', true],
      [['AUTH', 'default', 'everyone'], '+OK\r\n', true],
      [['AUTH', 'app', 'secret'], '+OK\r\n', true],
    ];
    for (const [words, reply, isIn] of cases) {
      using client = await RawConnection.open(ambassador.port);
      expect(await client.ask(...words)).toBe(reply);
      expect(await client.ask('PING')).toBe(isIn ? '+PONG\r\n' : noAuth);
    }
    using client = await RawConnection.open(ambassador.port);
    expect(await client.ask('HELLO', '3')).toMatch(/^-NOAUTH HELLO must be called/);
    expect(await client.ask('HELLO', '3', 'AUTH', 'app', 'secret')).toMatch(/^%7\r\n/);
    expect(await client.ask('PING')).toBe('+PONG\r\n');
    expect(await client.ask('RESET')).toBe('+RESET\r\n');
    expect(await client.ask('PING')).toBe(noAuth);
    // like a Redis without a password
    using large = await RawConnection.open(ambassador.port);
    large.send('*2\r\n$4\r\nPING\r\n$20000\r\n');
    expect(await large.reply()).toBe('-ERR Protocol error: unauthenticated bulk length\r\n');
    writeFileSync(file, 'changed\n');
    expect(await client.ask('AUTH', 'everyone')).toBe(wrong);
    expect(await client.ask('AUTH', 'changed')).toBe('+OK\r\n');
  });
});
