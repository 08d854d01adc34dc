import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { findBinary } from '@pod-patterns/kit/testing/find-binary';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { distributions } from '../src/topology/ring.ts';
import { ringHashes } from '../src/topology/ring-hashes.ts';
import { RawConnection, request } from '../test/support/raw-connection.ts';
import { keyOf, keysPerVector, type Vector } from '../test/support/ring-vectors.ts';

/**
 * Writes `test/ring-vectors.json` anew: where twemproxy (Debian's `nutcracker`) places keys, for each hash and
 * distribution, with weights, names and tags. The servers only record requests.
 */
const target = join(import.meta.dirname, '../test/ring-vectors.json');
/** Addresses of loopback, as ketama hashes the address of a server without a name. */
const hosts = ['127.0.1.1', '127.0.1.2', '127.0.1.3', '127.0.1.4', '127.0.1.5'];
const port = 21_734;

type Pool = Omit<Vector, 'owners'>;

const servers = (weights: readonly number[], names: readonly string[] = []) =>
  weights.map((weight, index) => ({ address: `${hosts[index]}:${port}`, weight, name: names[index] }));
const plain = servers([1, 1, 1]);
const weighted = servers([1, 2, 5, 1, 10]);
const named = servers([1, 1, 3, 1], ['alpha', 'beta', 'gamma', 'delta']);

const pools: readonly Pool[] = Object.keys(ringHashes).flatMap((hash) =>
  distributions
    .filter((distribution) => distribution !== 'random')
    .flatMap((distribution) => [
      { hash, distribution, tag: '', servers: plain },
      { hash, distribution, tag: '', servers: weighted },
      { hash, distribution, tag: '{}', servers: named },
      { hash, distribution, tag: '$$', servers: servers([1, 1]) },
    ]),
);

/** Answers everything with OK; notes the key of each SET. */
async function listen(host: string, note: (key: string) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('data', (bytes: Buffer) => {
      for (const [, key = ''] of bytes
        .toString('latin1')
        .matchAll(/SET\r\n\$\d+\r\n(.*?)\r\n\$1\r\nv\r\n/gs)) {
        note(key);
        socket.write('+OK\r\n');
      }
    });
  }).listen(port, host);
  await once(server, 'listening');
  return server;
}

function configOf({ hash, distribution, tag, servers: all }: Pool, at: number): string {
  return [
    'pool:',
    `  listen: 127.0.0.1:${at}`,
    `  hash: ${hash}`,
    `  distribution: ${distribution}`,
    ...(tag === '' ? [] : [`  hash_tag: "${tag}"`]),
    '  redis: true',
    '  servers:',
    ...all.map(
      ({ address, weight, name }) => `   - ${address}:${weight}${name === undefined ? '' : ` ${name}`}`,
    ),
    '',
  ].join('\n');
}

const nutcracker = findBinary('nutcracker');
if (nutcracker === undefined) throw new Error('no nutcracker on PATH');
const owners = new Map<string, number>();
const listening = await Promise.all(
  hosts.map((host, index) => listen(host, (key) => owners.set(key, index))),
);

/** Asks a twemproxy of its own where the keys go. */
async function ask(program: string, pool: Pool): Promise<Vector> {
  using folder = tempDir();
  const [at, stats] = [await freePort(), await freePort()];
  writeFileSync(folder.file('nutcracker.yml'), configOf(pool, at));
  const args = ['-c', folder.file('nutcracker.yml'), '-s', String(stats), '-a', '127.0.0.1'];
  const proxy = spawn(program, args, { stdio: 'ignore' });
  try {
    using connection = await eventually(() => RawConnection.open(at));
    owners.clear();
    for (let key = 0; key < keysPerVector; key++) {
      await connection.send(request('SET', keyOf(key), 'v')).reply();
    }
  } finally {
    proxy.kill();
  }
  const digits = Array.from({ length: keysPerVector }, (_, key) => owners.get(keyOf(key)) ?? '?');
  return { ...pool, owners: digits.join('') };
}

const lines: string[] = [];
for (const pool of pools) lines.push(`  ${JSON.stringify(await ask(nutcracker, pool))}`);
for (const server of listening) server.close();
writeFileSync(target, `[\n${lines.join(',\n')}\n]\n`);
console.log(`wrote ${target}: ${lines.length} rings of ${keysPerVector} keys`);
process.exit();
