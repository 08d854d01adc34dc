import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docker, imageOf, mustDocker, restricted } from './docker.ts';

/** Servers in the Redis container besides its own on 6379, all on 127.0.0.1. */
const servers = [
  'redis-server --port 6380',
  'redis-server --port 7000 --cluster-enabled yes --cluster-config-file /tmp/nodes.conf',
  `printf 'port 26379\\nsentinel monitor orders 127.0.0.1 6379 1\\n' > /tmp/sentinel.conf; redis-server /tmp/sentinel.conf --sentinel`,
];

describe('the image of redis-ambassador serves', () => {
  let redis: string;
  const others: string[] = [];
  const ask = (port: number, ...words: readonly string[]) =>
    docker('exec', redis, 'redis-cli', '-p', String(port), ...words).stdout;

  beforeAll(async () => {
    redis = mustDocker('run', '--detach', 'redis:8', 'redis-server', '--save', '', '--protected-mode', 'no');
    for (const line of servers) mustDocker('exec', '--detach', redis, 'sh', '-c', line);
    await eventually(() => ask(7000, 'CLUSTER', 'ADDSLOTSRANGE', '0', '16383') === 'OK');
    await eventually(() => ask(7000, 'CLUSTER', 'INFO').includes('cluster_state:ok'));
  });

  afterAll(() => {
    mustDocker('rm', '--force', '--volumes', ...others, redis);
  });

  it.each([
    ['redis-sentinel://127.0.0.1:26379/orders', 6001, [6379]],
    ['redis-cluster://127.0.0.1:7000', 6002, [7000]],
    ['redis-ring://127.0.0.1:6379,127.0.0.1:6380', 6003, [6379, 6380]],
  ])('%s', async (url, port, places) => {
    const network = `--network=container:${redis}`;
    const args = ['--listen', `127.0.0.1:${port}`, '--admin-listen', `127.0.0.1:${port + 100}`];
    const image = imageOf('redis-ambassador');
    others.push(mustDocker('run', '--detach', network, ...restricted, image, ...args, '--upstream', url));
    const key = `key of ${url}`;
    await eventually(() => ask(port, 'SET', key, 'there') === 'OK');
    expect(ask(port, 'GET', key)).toBe('there');
    expect(places.map((place) => ask(place, 'GET', key)).filter((value) => value === 'there')).toHaveLength(
      1,
    );
  });
});
