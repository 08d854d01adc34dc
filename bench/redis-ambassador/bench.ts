import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findBinary } from '@pod-patterns/kit/testing/find-binary';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { RedisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { Ambassador, bundle } from '../../packages/redis-ambassador/test/support/ambassador.ts';
import { processCost } from '../process-cost.ts';
import { median, type Row, report } from '../report.ts';

/**
 * The ambassador beside direct Redis and beside twemproxy (`nutcracker`), driven by redis-benchmark in turns, so
 * that a busy moment of the machine hits all of them. Medians over the rounds. `--quick` for one short round.
 */
const isQuick = process.argv.includes('--quick');
const rounds = isQuick ? 1 : 5;
const run = promisify(execFile);

interface Case {
  readonly name: string;
  readonly clients: number;
  readonly pipeline: number;
  readonly requests: number;
  readonly valueBytes: number;
  readonly command: 'get' | 'set' | 'mget';
}

const cases: readonly Case[] = [
  {
    name: 'GET 32 B, 50 clients, P=1',
    clients: 50,
    pipeline: 1,
    requests: 100_000,
    valueBytes: 32,
    command: 'get',
  },
  {
    name: 'SET 32 B, 50 clients, P=1',
    clients: 50,
    pipeline: 1,
    requests: 100_000,
    valueBytes: 32,
    command: 'set',
  },
  {
    name: 'GET 32 B, 50 clients, P=16',
    clients: 50,
    pipeline: 16,
    requests: 800_000,
    valueBytes: 32,
    command: 'get',
  },
  {
    name: 'SET 32 B, 50 clients, P=16',
    clients: 50,
    pipeline: 16,
    requests: 800_000,
    valueBytes: 32,
    command: 'set',
  },
  {
    name: 'GET 32 B, 50 clients, P=64',
    clients: 50,
    pipeline: 64,
    requests: 1_600_000,
    valueBytes: 32,
    command: 'get',
  },
  {
    name: 'SET 32 B, 50 clients, P=64',
    clients: 50,
    pipeline: 64,
    requests: 1_600_000,
    valueBytes: 32,
    command: 'set',
  },
  {
    name: 'GET 1 KB, 50 clients, P=1',
    clients: 50,
    pipeline: 1,
    requests: 100_000,
    valueBytes: 1024,
    command: 'get',
  },
  {
    name: 'GET 16 KB, 50 clients, P=1',
    clients: 50,
    pipeline: 1,
    requests: 50_000,
    valueBytes: 16_384,
    command: 'get',
  },
  {
    name: 'SET 16 KB, 50 clients, P=16',
    clients: 50,
    pipeline: 16,
    requests: 100_000,
    valueBytes: 16_384,
    command: 'set',
  },
  {
    name: 'MGET 10, 50 clients, P=1',
    clients: 50,
    pipeline: 1,
    requests: 100_000,
    valueBytes: 32,
    command: 'mget',
  },
  {
    name: 'MGET 10, 50 clients, P=16',
    clients: 50,
    pipeline: 16,
    requests: 200_000,
    valueBytes: 32,
    command: 'mget',
  },
  {
    name: 'GET 32 B, 500 clients, P=1',
    clients: 500,
    pipeline: 1,
    requests: 100_000,
    valueBytes: 32,
    command: 'get',
  },
  {
    name: 'GET 32 B, 1 client, P=1',
    clients: 1,
    pipeline: 1,
    requests: 20_000,
    valueBytes: 32,
    command: 'get',
  },
];

interface Measured {
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Of the proxy, for a million requests. */
  readonly cpuSeconds: number;
}

interface Contender {
  readonly name: string;
  readonly port: number;
  /** The proxy's process; none for direct Redis. */
  readonly pid: number | undefined;
}

async function measure({ port, pid }: Contender, test: Case): Promise<Measured> {
  const requests = isQuick ? test.requests / 4 : test.requests;
  const common = ['-h', '127.0.0.1', '-p', `${port}`, '-c', `${test.clients}`, '-P', `${test.pipeline}`];
  const keys = Array.from({ length: 10 }, (_, index) => `key:${index}`);
  const what =
    test.command === 'mget' ? ['MGET', ...keys] : ['-t', test.command, '-d', String(test.valueBytes)];
  const before = pid === undefined ? 0 : processCost(pid).cpuSeconds;
  const { stdout } = await run('redis-benchmark', [...common, '-n', String(requests), '--csv', ...what]);
  const after = pid === undefined ? 0 : processCost(pid).cpuSeconds;
  const figures =
    stdout
      .trim()
      .split('\n')
      .at(-1)
      ?.split(',')
      .map((field) => Number(field.replaceAll('"', ''))) ?? [];
  return {
    perSecond: figures[1] ?? Number.NaN,
    p99Ms: figures[6] ?? Number.NaN,
    cpuSeconds: ((after - before) * 1e6) / requests,
  };
}

/** Stores what the reads of a case will find. */
async function prepare(redis: RedisServer, { valueBytes }: Case): Promise<void> {
  const value = 'x'.repeat(valueBytes);
  const keys = ['key:__rand_int__', ...Array.from({ length: 10 }, (_, index) => `key:${index}`)];
  await run('redis-cli', ['-p', String(redis.port), 'MSET', ...keys.flatMap((key) => [key, value])]);
}

async function startNutcracker(
  redisPort: number,
  folder: string,
): Promise<{ child: ChildProcess; port: number } | undefined> {
  const binary = findBinary('nutcracker');
  if (binary === undefined) return undefined;
  const port = await freePort();
  const config = join(folder, 'nutcracker.yml');
  writeFileSync(
    config,
    `bench:\n  listen: 127.0.0.1:${port}\n  redis: true\n  hash: fnv1a_64\n  distribution: ketama\n  servers:\n    - 127.0.0.1:${redisPort}:1\n`,
  );
  const stats = String(await freePort());
  const child = spawn(binary, ['-c', config, '-s', stats, '-a', '127.0.0.1', '-v', '0'], { stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { child, port };
}

async function compare(contenders: readonly Contender[], redis: RedisServer): Promise<Row[]> {
  const rows: Row[] = [];
  for (const test of cases) {
    await prepare(redis, test);
    const all = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const contender of contenders) all.get(contender.name)?.push(await measure(contender, test));
    }
    const of = (name: string, figure: keyof Measured) =>
      median((all.get(name) ?? []).map((one) => one[figure]));
    const rate = of('ambassador', 'perSecond');
    rows.push({
      case: test.name,
      'direct/s': Math.round(of('direct', 'perSecond')),
      'nutcracker/s': Math.round(of('nutcracker', 'perSecond')),
      'ambassador/s': Math.round(rate),
      'of nutcracker': ratio(rate, of('nutcracker', 'perSecond')),
      'of direct': ratio(rate, of('direct', 'perSecond')),
      'CPU s/M nutcracker': Number(of('nutcracker', 'cpuSeconds').toFixed(2)),
      'CPU s/M ambassador': Number(of('ambassador', 'cpuSeconds').toFixed(2)),
      'p99 nutcracker': of('nutcracker', 'p99Ms'),
      'p99 ambassador': of('ambassador', 'p99Ms'),
    });
    console.log(JSON.stringify(rows.at(-1)));
  }
  return rows;
}

/** Memory with many clients, of which each has sent something. */
async function memory({ port, pid }: Contender): Promise<Row[]> {
  const sockets: Socket[] = [];
  const rows: Row[] = [];
  for (const clients of [1000, 2000]) {
    while (sockets.length < clients) {
      const socket = connect(port, '127.0.0.1').setNoDelay(true);
      await once(socket, 'connect');
      socket.write('*2\r\n$3\r\nGET\r\n$5\r\nkey:1\r\n');
      await once(socket, 'data');
      sockets.push(socket);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
    rows.push({
      case: `RSS with ${clients} clients, MiB`,
      'ambassador/s': Math.round(processCost(pid ?? 0).rssMiB),
    });
  }
  for (const socket of sockets) socket.destroy();
  return rows;
}

function ratio(one: number, other: number): number {
  return Number((one / other).toFixed(2));
}

using folder = tempDir();
await using redis = await RedisServer.start();
// what the image runs
await run('npm', ['run', 'build', '--', 'redis-ambassador'], { cwd: join(import.meta.dirname, '../..') });
const built = { entry: bundle };
await using ambassador = await Ambassador.start(redis.port, [], built);
const nutcracker = await startNutcracker(redis.port, folder.path);
try {
  const contenders: Contender[] = [
    { name: 'direct', port: redis.port, pid: undefined },
    ...(nutcracker === undefined
      ? []
      : [{ name: 'nutcracker', port: nutcracker.port, pid: nutcracker.child.pid }]),
    { name: 'ambassador', port: ambassador.port, pid: ambassador.program.pid },
  ];
  const rows = await compare(contenders, redis);
  const fresh = await Ambassador.start(redis.port, [], built);
  rows.push(...(await memory({ name: 'ambassador', port: fresh.port, pid: fresh.program.pid })));
  await fresh[Symbol.asyncDispose]();
  report('redis-ambassador', rows);
} finally {
  nutcracker?.child.kill();
}
