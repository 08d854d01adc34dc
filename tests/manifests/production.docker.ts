import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from './certificates.ts';
import { goldenPod, type KubernetesObject, type PodManifest, secretOf } from './manifests.ts';
import { makeNetwork, RunningPod } from './run-pod.ts';

/** k8s/overlays/production as rendered, with the Secrets of k8s/backends/redis-sentinel/README.md. */
const password = 'a "strange" $pass word';
const folder = 'k8s/overlays/production';

describe('production', () => {
  const resources = new AsyncDisposableStack();
  let network: string;
  const servers: RunningPod[] = [];
  let secrets: readonly KubernetesObject[];
  const podOf = (name: string): PodManifest => {
    const pod = goldenPod(folder, name);
    return { ...pod, objects: [...pod.objects, ...secrets] };
  };
  const tls = '--tls --cacert /run/secrets/redis-tls/ca.crt';
  const inRedis = (number: number, command: string) =>
    servers[number]?.exec('redis', 'sh', '-c', command) ?? { status: 1, stdout: '', stderr: '' };
  const cli = (number: number, ...args: readonly string[]) =>
    inRedis(
      number,
      `REDISCLI_AUTH="$(cat /run/secrets/users/app/password)" redis-cli --user app ${args.join(' ')}`,
    );

  beforeAll(async () => {
    secrets = [
      secretOf('redis', { password }),
      secretOf('redis-peer', { password: `peers' "own" \\ one` }),
      secretOf('redis-tls', makeCertificates()),
    ];
    network = resources.use(makeNetwork()).name;
    // each server needs others to start
    const start = (name: string) =>
      [0, 1, 2].map(async (number) => {
        const names = [`${name}-${number}.pod-patterns.svc`, `${name}.pod-patterns.svc`];
        return resources.use(
          await RunningPod.start({ ...podOf(name), name: `${name}-${number}` }, { network, names }),
        );
      });
    const [redis] = await Promise.all([Promise.all(start('redis')), Promise.all(start('sentinel'))]);
    servers.push(...redis);
  }, 180_000);
  afterAll(() => resources.disposeAsync());

  it('Redis accepts only TLS', () => {
    expect(cli(0, tls, 'ping').stdout).toBe('PONG');
    expect(cli(0, 'ping').stdout).not.toContain('PONG');
  });

  it('has one primary and two replicas', () => {
    const roles = [0, 1, 2].map((number) => cli(number, tls, 'role').stdout.split('\n')[0]);
    expect(roles).toEqual(['master', 'slave', 'slave']);
  });

  it('Redis requires the password of the Secret, with any characters', () => {
    expect(inRedis(0, `redis-cli ${tls} ping`).stdout).toContain('NOAUTH');
    for (const login of ['', '--user app', '--user peer', '--user default', '--user health']) {
      const { stdout, stderr } = inRedis(0, `REDISCLI_AUTH=wrong redis-cli ${login} ${tls} hget views home`);
      expect(stdout + stderr, login).toMatch(/NOAUTH|NOPERM/);
    }
  });

  it('a Sentinel names the primary to everyone, and changes it only with the password', () => {
    const ask = (command: string) =>
      inRedis(
        0,
        `REDISCLI_AUTH=none redis-cli --user health ${tls} -h sentinel-1.pod-patterns.svc -p 26379 ${command}`,
      );
    const place = ask('sentinel get-master-addr-by-name mymaster').stdout;
    expect(place).toBe('redis-0.pod-patterns.svc\n6379');
    for (const command of [
      'sentinel failover mymaster',
      'sentinel set mymaster quorum 1',
      'sentinel reset x',
    ]) {
      expect(ask(command).stdout, command).toContain('NOPERM');
    }
  });

  it('no process shows the password in its arguments', () => {
    for (const file of ['cmdline', 'environ'])
      expect(inRedis(0, `cat /proc/1/${file}`).stdout).not.toContain('strange');
    // nor in the users that Redis has loaded
    expect(inRedis(0, 'cat /run/redis/users.acl').stdout).toMatch(/^user app .*#[0-9a-f]{64}$/m);
    expect(inRedis(0, 'stat -c %a /run/redis/users.acl').stdout).toBe('600');
  });

  it('counts a page view in Redis through the ambassador, with TLS and the password, also after a failover', async () => {
    await using web = await RunningPod.start(podOf('web'), { network });
    const view = () => fetch(web.url(8080, '/api/views/home'), { method: 'POST' });
    await eventually(async () => (await view()).ok, { timeoutMs: 60_000 });
    const seen = (number: number) => Number(cli(number, tls, 'hget', 'views', 'home').stdout);
    await eventually(() => seen(1) > 0 && seen(1) === seen(0), { timeoutMs: 60_000 });
    // web's pod has neither the key of the authority nor that of Redis
    expect(web.files('redis-authority')).toEqual(['ca.crt']);

    const before = seen(0);
    // the Sentinels ask for the replicas every 10 s
    const known = `REDISCLI_AUTH=none redis-cli --user health ${tls} -h sentinel-2.pod-patterns.svc -p 26379 sentinel master mymaster`;
    await eventually(() => /num-slaves\n2\n/.test(inRedis(1, known).stdout), { timeoutMs: 60_000 });
    servers[0]?.kill('redis');
    const isPrimary = (number: number) => cli(number, tls, 'role').stdout.startsWith('master');
    await eventually(() => isPrimary(1) || isPrimary(2), { timeoutMs: 120_000, everyMs: 500 });
    await eventually(async () => (await view()).ok, { timeoutMs: 120_000, everyMs: 200 });
    expect(seen(isPrimary(1) ? 1 : 2)).toBeGreaterThan(before);

    // the old primary comes back as a replica, with all later counts
    await servers[0]?.restart('redis');
    expect(cli(0, tls, 'role').stdout).toMatch(/^slave/);
  }, 400_000);
});
