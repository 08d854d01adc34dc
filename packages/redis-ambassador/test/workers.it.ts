import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { installed, type Need, needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RawConnection } from './support/raw-connection.ts';
import { Worker } from './support/worker.ts';

/** Debian's PHP first, because its library packages are made for it. */
const python = installed('python3', ['/usr/bin/python3', 'python3']);
const ruby = installed('ruby', ['/usr/bin/ruby', 'ruby']);
const php = installed('php');
const sidekiq = installed('sidekiq');

/** A library, found by a program that exits with 0 if it is installed. */
function library(name: string, { path }: { readonly path: string }, ...args: readonly string[]): Need {
  return { name, isMet: spawnSync(path, args, { stdio: 'ignore' }).status === 0 };
}

const rq = library('python3-rq', python, '-c', 'import rq');
const celery = library('python3-celery', python, '-c', 'import celery');
const redisPy = library('python3-redis', python, '-c', 'import redis');
const phpRedis = library('php-redis', php, '-r', 'exit(extension_loaded("redis") ? 0 : 1);');

/** A job library's worker: its command, its ready message, and how jobs are enqueued. */
interface Library {
  readonly name: string;
  readonly needs: readonly Need[];
  readonly work: readonly [command: string, ...args: string[]];
  readonly ready: RegExp;
  readonly enqueue: readonly [command: string, ...args: string[]];
}

const libraries: readonly Library[] = [
  {
    name: 'RQ',
    needs: [python, rq, celery],
    work: [python.path, '-m', 'rq.cli', 'worker', '--path', '.', '--url', 'REDIS_URL', 'jobs'],
    ready: /Listening on/,
    enqueue: [python.path, 'tasks.py', 'rq'],
  },
  {
    name: 'Celery',
    needs: [python, rq, celery],
    work: [python.path, '-m', 'celery', '-A', 'tasks', 'worker', '--concurrency', '1', '--loglevel', 'INFO'],
    ready: / ready\.$/,
    enqueue: [python.path, 'tasks.py', 'celery'],
  },
  {
    name: 'Sidekiq',
    needs: [ruby, sidekiq],
    work: [sidekiq.path, '--require', './jobs.rb', '--concurrency', '1'],
    // it prints more only on a terminal
    ready: /Running in ruby/,
    enqueue: [ruby.path, 'jobs.rb'],
  },
];

const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];

describe.concurrent('workers survive a restart of Redis', () => {
  for (const { name, needs: needed, work, ready, enqueue } of libraries) {
    it(`${name}: no job is lost or done twice`, needs(redisServer, ...needed), async () => {
      await using redis = await RedisServer.start(durable);
      await using ambassador = await Ambassador.start(redis.port);
      const env = { REDIS_URL: `redis://127.0.0.1:${ambassador.port}/0` };
      const put = async (...jobs: readonly string[]) => {
        const [command, ...args] = enqueue;
        await using program = new Worker(command, [...args, ...jobs], env);
        await program.end();
      };
      const direct = async (...words: readonly string[]) => {
        using connection = await RawConnection.open(redis.port);
        return await connection.ask(...words);
      };
      const done = (...jobs: readonly string[]) =>
        eventually(async () => {
          for (const job of jobs) if ((await direct('GET', `done:${job}`)) === '$-1\r\n') return false;
          return true;
        });
      const [command, ...args] = work;
      await using worker = new Worker(
        command,
        args.map((arg) => (arg === 'REDIS_URL' ? env.REDIS_URL : arg)),
        env,
      );
      await worker.line(ready);
      await put('a', 'b', 'c');
      await done('a', 'b', 'c');
      await eventually(async () => !(await direct('INFO', 'clients')).includes('blocked_clients:0'));
      await redis.stop();
      // the time until a supervisor restarts it
      await delay(300);
      await redis.start();
      await put('d', 'e');
      await done('d', 'e');
      expect(worker.isRunning).toBe(true);
      for (const job of 'abcde') expect(await direct('GET', `done:${job}`)).toBe('$1\r\n1\r\n');
    });
  }
});

describe.concurrent('an outage is an error, not a value', () => {
  it('phpredis: an exception, never `false`', needs(redisServer, php, phpRedis), async () => {
    await using redis = await RedisServer.start();
    const bounds = ['--failover-hold', '0', '--timeout', '2s'];
    await using ambassador = await Ambassador.start(redis.port, bounds);
    await using client = new Worker(php.path, ['ask.php', String(ambassador.port)]);
    await eventually(async () => (await client.ask('get missing')) === 'false');
    expect(await client.ask('incr n')).toBe('1');
    expect(await client.ask('get n')).toBe('"1"');
    process.kill(redis.pid, 'SIGSTOP');
    // the result of the first is unknown; at the second, Redis is known to be down
    expect(await client.ask('incr n')).toMatch(/^exception: LOST .*unknown outcome/);
    expect(await client.ask('get n')).toMatch(/^exception: LOADING /);
    await redis.stop();
    expect(await client.ask('get n')).toMatch(/^exception: LOADING /);
    await redis.start();
    await eventually(async () => (await client.ask('get n')) === 'false');
  });

  it('phpredis: an exception for a get on a lost connection', needs(redisServer, php, phpRedis), async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port, ['--failover-hold', '0']);
    await using client = new Worker(php.path, ['ask.php', String(ambassador.port)]);
    await eventually(async () => (await client.ask('get missing')) === 'false');
    process.kill(redis.pid, 'SIGSTOP');
    const answer = client.ask('get missing');
    await eventually(async () => (await ambassador.metric('redis_ambassador_in_flight')) >= 1);
    await redis.stop();
    expect(await answer).toMatch(/^exception: LO(?:ADING|ST) /);
  });

  it('redis-py: a ConnectionError', needs(redisServer, python, redisPy), async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port, ['--failover-hold', '0']);
    await using client = new Worker(python.path, ['ask.py', String(ambassador.port)]);
    await eventually(async () => (await client.ask('GET missing')) === 'None');
    await redis.stop();
    await eventually(async () => / ConnectionError /.test(await client.ask('GET missing')));
    await redis.start();
    await eventually(async () => (await client.ask('GET missing')) === 'None');
  });
});
