import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { expect, it } from 'vitest';
import { makeCertificates } from './certificates.ts';
import { LoadedCluster, type Setup } from './loaded-cluster.ts';
import type { RunningPod } from './run-pod.ts';

/** Changes of Secrets as in k8s/backends/redis/README.md and k8s/patterns/ambassador/README.md, under load. */
const old = 'the "old" $pass word';
const next = `the 'next' #one`;
const first = makeCertificates();
const app = { workload: 'web', host: 'redis.pod-patterns.svc' };
const encrypted: Setup = {
  ...app,
  folder: 'tests/e2e/tls',
  secrets: { redis: { password: old }, 'redis-tls': first },
};
const setups: readonly Setup[] = [
  { ...app, folder: 'k8s/overlays/kind', secrets: { redis: { password: old } } },
  encrypted,
  {
    folder: 'k8s/patterns/ambassador',
    workload: 'ambassador',
    host: 'redis',
    secrets: { redis: { password: old } },
  },
];

const asApp = (command: string) =>
  `REDISCLI_AUTH="$(cat /run/secrets/users/app/password)" redis-cli --user app $REDIS_CLI_FLAGS ${command}`;

/** Kills the ambassador of a pod: the next one must log in. */
async function connectAnew(web: RunningPod): Promise<void> {
  web.kill('redis-ambassador');
  await web.restart('redis-ambassador');
  const url = web.url(8080, '/api/views/rotated');
  await eventually(async () => (await fetch(url, { method: 'POST' })).ok);
}

it.each(setups)(
  'the password changes in $folder with no view lost, and Redis ready all the time',
  async (setup) => {
    await using cluster = await LoadedCluster.start(setup);
    const web = await cluster.addWeb();
    const reload = (expected: string) => cluster.inRedis(`sh /etc/redis/reload.sh ${expected}`);
    expect(await reload('app=1')).toBe('app: 1 password');
    cluster.change('redis', { password: old, next });
    expect(await reload('app=2')).toBe('app: 2 passwords');
    cluster.change('redis', { password: next, previous: old });
    // as `rollout restart` does, but the pod with the old connections stays
    await cluster.addWeb();
    cluster.change('redis', { password: next });
    expect(await reload('app=1')).toBe('app: 1 password');

    const { acknowledged, ...failed } = await cluster.stop();
    expect(failed).toEqual({ failedViews: [], failedProbes: [] });
    expect(acknowledged).toBeGreaterThan(0);
    expect(await cluster.inRedis(asApp('hget views rotated'))).toBe(String(acknowledged));
    const withOld = cluster.redis.exec(
      'redis',
      'sh',
      '-c',
      `REDISCLI_AUTH='${old}' redis-cli --user app $REDIS_CLI_FLAGS ping`,
    );
    expect(withOld.stderr).toContain('WRONGPASS');
    await connectAnew(web);
  },
);

it('a password that is replaced in one go is used at the next login, without any command', async () => {
  const [kind = encrypted] = setups;
  await using cluster = await LoadedCluster.start(kind);
  const web = await cluster.addWeb();
  cluster.change('redis', { password: next });
  await eventually(async () => /^\d+$/.test(await cluster.inRedis(asApp('hget views rotated'))));
  const { failedViews, failedProbes } = await cluster.stop();
  expect({ failedViews, failedProbes }).toEqual({ failedViews: [], failedProbes: [] });
  await connectAnew(web);
});

/** The certificate that Redis shows to a new connection. */
async function shownBy(redis: RunningPod): Promise<string> {
  const { hostname, port } = new URL(redis.url(6379));
  // the test checks the issuer itself
  const socket = connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

it('the certificate and the authority change with no view lost, and Redis always ready', async () => {
  await using cluster = await LoadedCluster.start(encrypted);
  const web = await cluster.addWeb();
  const second = makeCertificates();
  const loaded = (times: number) =>
    eventually(() => cluster.redis.logs('redis').match(/^certificate loaded$/gm)?.length === times);
  await loaded(1);
  const both = first['ca.crt'] + second['ca.crt'];
  cluster.change('redis-tls', { ...first, 'ca.crt': both });
  await loaded(2);
  cluster.change('redis-tls', { ...second, 'ca.crt': both });
  await loaded(3);
  expect(await shownBy(cluster.redis)).toBe(new X509Certificate(second['tls.crt']).fingerprint256);
  await cluster.addWeb();
  cluster.change('redis-tls', second);
  await loaded(4);

  const { acknowledged, ...failed } = await cluster.stop();
  expect(failed).toEqual({ failedViews: [], failedProbes: [] });
  expect(await cluster.inRedis(asApp('hget views rotated'))).toBe(String(acknowledged));
  await connectAnew(web);
});
