import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RedisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { Ambassador, bundle } from '../../packages/redis-ambassador/test/support/ambassador.ts';
import { ClusterGroup } from '../../packages/redis-ambassador/test/support/cluster-group.ts';
import { processCost } from '../process-cost.ts';
import { type Row, report } from '../report.ts';
import { type Case, type Contender, compare, type Effort } from './contest.ts';
import { predixyPool, startNutcracker, startPredixy } from './peers.ts';

/**
 * Compares the ambassador with direct Redis, twemproxy (`nutcracker`) and, if `PREDIXY_BIN` is set, predixy: with one
 * Redis, a ring of three and a Cluster of three. `--quick` runs three short rounds; `one`, `ring` or `cluster` runs
 * only that.
 */
const effort: Effort = process.argv.includes('--quick')
  ? { rounds: 3, share: 0.25 }
  : { rounds: 5, share: 1 };
const setups = ['one', 'ring', 'cluster'].filter((name) => process.argv.includes(name));
const run = promisify(execFile);

type Shape = readonly [command: Case['command'], valueBytes: number, clients: number, pipeline: number];

/** Cases, each with enough requests for one or two seconds. */
function casesOf(shapes: readonly Shape[], rest: Pick<Case, 'keys'> & { readonly prefix: string }): Case[] {
  return shapes.map(([command, valueBytes, clients, pipeline]) => {
    const size = valueBytes >= 1024 ? `${valueBytes / 1024} KB` : `${valueBytes} B`;
    const what = command === 'mget' ? 'MGET 10' : `${command.toUpperCase()} ${size}`;
    const name = `${rest.prefix}${what}, ${clients} client${clients === 1 ? '' : 's'}, P=${pipeline}`;
    const weight = valueBytes > 10_000 ? 4 : command === 'mget' ? 2 : 1;
    const requests = clients === 1 ? 20_000 : (100_000 * Math.min(pipeline, 16) ** 0.75) / weight;
    return { name, command, valueBytes, clients, pipeline, requests: Math.round(requests), ...rest };
  });
}

const small: readonly Shape[] = [
  ['get', 32, 50, 1],
  ['set', 32, 50, 1],
  ['get', 32, 50, 16],
  ['set', 32, 50, 16],
  ['get', 32, 50, 64],
  ['set', 32, 50, 64],
];
const alone: readonly Shape[] = [
  ...small,
  ['get', 1024, 50, 1],
  ['get', 16_384, 50, 1],
  ['set', 16_384, 50, 16],
  ['mget', 32, 50, 1],
  ['mget', 32, 50, 16],
  ['get', 32, 500, 1],
  ['get', 32, 1, 1],
];

/** The proxies and direct Redis, without those that are not installed. */
function present(...contenders: readonly (Contender | undefined)[]): Contender[] {
  return contenders.filter((one) => one !== undefined);
}

async function startAmbassador(resources: AsyncDisposableStack, upstream: string): Promise<Contender> {
  const { port, program } = resources.use(await Ambassador.start(upstream, [], { entry: bundle }));
  return { name: 'ambassador', port, pid: program.pid };
}

async function beforeOne(folder: string): Promise<Row[]> {
  await using resources = new AsyncDisposableStack();
  const { port } = resources.use(await RedisServer.start());
  const contenders = present(
    { name: 'direct', port },
    await startNutcracker(resources, { servers: [port], folder }),
    await startPredixy(resources, { pool: predixyPool('ring', [port]), folder }),
    await startAmbassador(resources, `redis://127.0.0.1:${port}`),
  );
  const rows: Row[] = [];
  for (const test of casesOf(alone, { prefix: '' })) {
    const value = 'x'.repeat(test.valueBytes);
    const keys = ['key:__rand_int__', ...Array.from({ length: 10 }, (_, index) => `key:${index}`)];
    await run('redis-cli', ['-p', String(port), 'MSET', ...keys.flatMap((key) => [key, value])]);
    rows.push(await compare(contenders, test, effort));
  }
  const fresh = await startAmbassador(resources, `redis://127.0.0.1:${port}`);
  return [...rows, ...(await memory(fresh, ''))];
}

async function beforeRing(folder: string): Promise<Row[]> {
  await using resources = new AsyncDisposableStack();
  const servers: number[] = [];
  for (let index = 0; index < 3; index++) servers.push(resources.use(await RedisServer.start()).port);
  const url = `redis-ring://${servers.map((port) => `127.0.0.1:${port}`).join(',')}`;
  const contenders = present(
    { name: 'direct', port: servers[0] ?? 0 },
    await startNutcracker(resources, { servers, folder }),
    await startPredixy(resources, { pool: predixyPool('ring', servers), folder }),
    await startAmbassador(resources, url),
  );
  return await overShards(contenders, 'ring of three: ', () => startAmbassador(resources, url));
}

async function beforeCluster(folder: string): Promise<Row[]> {
  await using resources = new AsyncDisposableStack();
  const group = resources.use(await ClusterGroup.start({ replicas: 0 }));
  const servers = group.servers.map(({ port }) => port);
  const ring: number[] = [];
  for (let index = 0; index < 3; index++) ring.push(resources.use(await RedisServer.start()).port);
  const contenders = present(
    { name: 'direct', port: servers[0] ?? 0, flags: ['--cluster'] },
    // it does not support Cluster: a ring of as many servers
    await startNutcracker(resources, { servers: ring, folder }),
    await startPredixy(resources, { pool: predixyPool('cluster', servers), folder }),
    await startAmbassador(resources, group.url()),
  );
  return await overShards(contenders, 'Cluster of three: ', () => startAmbassador(resources, group.url()));
}

async function overShards(
  contenders: readonly Contender[],
  prefix: string,
  fresh: () => Promise<Contender>,
): Promise<Row[]> {
  const rows: Row[] = [];
  const cases = casesOf(small, { prefix, keys: 10_000 });
  // keys for the first reads
  const [, fill] = cases;
  if (fill !== undefined) await compare(contenders, fill, { rounds: 1, share: 1 });
  for (const test of cases) rows.push(await compare(contenders, test, effort));
  return [...rows, ...(await memory(await fresh(), prefix))];
}

/** Memory with many clients, each of which has sent a request. */
async function memory({ port, pid = 0 }: Contender, prefix: string): Promise<Row[]> {
  const sockets: Socket[] = [];
  const rows: Row[] = [];
  for (const clients of [1000, 2000]) {
    while (sockets.length < clients) {
      const socket = connect(port, '127.0.0.1').setNoDelay(true);
      await once(socket, 'connect');
      socket.write(`*2\r\n$3\r\nGET\r\n$8\r\nkey:${1000 + sockets.length}\r\n`);
      await once(socket, 'data');
      sockets.push(socket);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const rss = Math.round(processCost(pid).rssMiB);
    rows.push({ case: `${prefix}RSS with ${clients} clients, MiB`, 'ambassador/s': rss });
    console.log(JSON.stringify(rows.at(-1)));
  }
  for (const socket of sockets) socket.destroy();
  return rows;
}

using folder = tempDir();
// the bundle, as in the image
await run(process.execPath, [join(import.meta.dirname, '../../scripts/build.ts'), 'redis-ambassador']);
const rows: Row[] = [];
for (const [name, measure] of [
  ['one', beforeOne],
  ['ring', beforeRing],
  ['cluster', beforeCluster],
] as const) {
  if (setups.length === 0 || setups.includes(name)) rows.push(...(await measure(folder.path)));
}
if (setups.length === 0) report('redis-ambassador', rows);
else console.table(rows);
