import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './write-whole.ts';

const users = join(import.meta.dirname, '../../k8s/backends/redis/users.acl');

/** Where the ambassador finds the password of Redis' user `app`. */
export function redisPasswordFile(folder: string): string {
  return join(folder, 'redis-password');
}

/** Makes the folder of Redis' data, and its users as in the cluster, with a password that only this pod has. */
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

/** The arguments of redis-server, in whose folder `prepareRedis` was. */
export function redisArgs(folder: string, port: number): string[] {
  // what was acknowledged is on disk: the counts survive a Redis that is killed
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
  // nobody can fill the machine with cached pages
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
