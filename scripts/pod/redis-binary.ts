import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findBinary } from '@pod-patterns/kit/testing/find-binary';

/**
 * A real Redis (or Valkey) server of this machine. Where there is none, a Debian that we are root of gets one
 * from its own packages; elsewhere the error says what to install.
 */
export function redisBinary(): string {
  const found = findBinary('redis-server', 'valkey-server');
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log('Redis is not installed: installing redis-server with apt-get');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], {
      stdio: 'ignore',
      env,
    });
    const installed = findBinary('redis-server');
    if (installed !== undefined) return installed;
  }
  throw new Error(
    'the pod needs a Redis: install redis-server or valkey-server (apt-get install redis-server, brew install valkey), or start Docker',
  );
}
