import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { findBinary } from '@pod-patterns/kit/testing/find-binary';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import type { Contender } from './contest.ts';

/** Debian's twemproxy with a ring of the servers on these ports; undefined if it is not installed. */
export async function startNutcracker(
  resources: AsyncDisposableStack,
  { servers, folder }: { readonly servers: readonly number[]; readonly folder: string },
): Promise<Contender | undefined> {
  const binary = findBinary('nutcracker');
  if (binary === undefined) return undefined;
  const port = await freePort();
  const config = join(folder, `nutcracker-${port}.yml`);
  const pool = [
    `listen: 127.0.0.1:${port}`,
    'redis: true',
    'hash: fnv1a_64',
    'distribution: ketama',
    'servers:',
  ];
  const lines = [...pool, ...servers.map((server) => `  - 127.0.0.1:${server}:1`)];
  writeFileSync(config, `bench:\n${lines.map((line) => `  ${line}\n`).join('')}`);
  const stats = String(await freePort());
  const args = ['-c', config, '-s', stats, '-a', '127.0.0.1', '-v', '0'];
  return { name: 'nutcracker', port, pid: await start(resources, { binary, args, port }) };
}

/** predixy, if `PREDIXY_BIN` names it, with this pool of servers. */
export async function startPredixy(
  resources: AsyncDisposableStack,
  { pool, folder }: { readonly pool: string; readonly folder: string },
): Promise<Contender | undefined> {
  const binary = process.env['PREDIXY_BIN'];
  if (binary === undefined) return undefined;
  const port = await freePort();
  const config = join(folder, `predixy-${port}.conf`);
  writeFileSync(config, `Bind 127.0.0.1:${port}\nWorkerThreads 1\nLogVerbSample 0\nLogInfoSample 0\n${pool}`);
  return { name: 'predixy', port, pid: await start(resources, { binary, args: [config], port }) };
}

/** A pool of predixy: a Cluster with these seed servers, or a ring of them. */
export function predixyPool(kind: 'cluster' | 'ring', servers: readonly number[]): string {
  if (kind === 'cluster') {
    const seeds = servers.map((port) => `    + 127.0.0.1:${port}\n`).join('');
    return `ClusterServerPool {\n  RefreshInterval 1\n  Servers {\n${seeds}  }\n}\n`;
  }
  const groups = servers.map((port) => `  Group g${port} {\n    + 127.0.0.1:${port}\n  }\n`).join('');
  return `StandaloneServerPool {\n  RefreshMethod fixed\n  Hash crc16\n  Distribution modula\n${groups}}\n`;
}

/** Starts a proxy, and resolves with its process id when it accepts connections. */
async function start(
  resources: AsyncDisposableStack,
  {
    binary,
    args,
    port,
  }: { readonly binary: string; readonly args: readonly string[]; readonly port: number },
): Promise<number | undefined> {
  const child: ChildProcess = spawn(binary, args, { stdio: 'ignore' });
  resources.defer(() => void child.kill());
  for (let tries = 0; tries < 50; tries++) {
    const socket = connect(port, '127.0.0.1');
    const isUp = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isUp) return child.pid;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${binary} does not listen`);
}
