import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './write-whole.ts';

const users = join(import.meta.dirname, '../../k8s/backends/redis/users.acl');

/** File with the password of Redis' user `app`, for the ambassador. */
export function redisPasswordFile(folder: string): string {
  return join(folder, 'redis-password');
}

/** Makes the folder of Redis' data, and the same users as in the cluster, with a password for this pod only. */
export function prepareRedis(folder: string): void {
  mkdirSync(dataFolder(folder), { recursive: true });
  const passwordFile = redisPasswordFile(folder);
  if (!existsSync(passwordFile)) writeWhole(passwordFile, randomBytes(24).toString('hex'));
  const password = readFileSync(passwordFile, 'utf8');
  const lines = readFileSync(users, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('user '))
    .map((line) => (line.startsWith('user app ') ? `${line} >${password}` : line));
  writeWhole(usersFile(folder), `${lines.join('\n')}\n`);
}

/** The arguments of redis-server, for the folder of `prepareRedis`. */
export function redisArgs(folder: string, port: number): string[] {
  // acknowledged writes are on disk, so the counts survive a kill of Redis
  const durable = [
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
    '--save',
    '',
    '--dir',
    dataFolder(folder),
  ];
  // keeps cached pages from filling the machine
  const bounded = ['--maxmemory', '128mb', '--maxmemory-policy', 'volatile-lru'];
  const reachable = ['--port', String(port), '--bind', '127.0.0.1', '--aclfile', usersFile(folder)];
  return [...reachable, ...durable, ...bounded];
}

function dataFolder(folder: string): string {
  return join(folder, 'redis');
}

function usersFile(folder: string): string {
  return join(folder, 'redis-users.acl');
}
