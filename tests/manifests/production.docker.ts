import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from './certificates.ts';
import { goldenPod, type KubernetesObject, type PodManifest, secretOf } from './manifests.ts';
import { makeNetwork, RunningPod } from './run-pod.ts';

/** k8s/overlays/production as rendered, with the Secrets that k8s/backends/redis/README.md has you make. */
const password = 'a "strange" $pass word';

describe('production', () => {
  const resources = new AsyncDisposableStack();
  let network: string;
  let redis: RunningPod;
  let secrets: readonly KubernetesObject[];
  const podOf = (name: string): PodManifest => {
    const pod = goldenPod('k8s/overlays/production', name);
    return { ...pod, objects: [...pod.objects, ...secrets] };
  };
  const cli = (...args: readonly string[]) =>
    redis.exec(
      'redis',
      'sh',
      '-c',
      `REDISCLI_AUTH="$(cat /run/secrets/users/app/password)" redis-cli --user app ${args.join(' ')}`,
    );
  const tls = '--tls --cacert /run/secrets/redis-tls/ca.crt';

  beforeAll(async () => {
    secrets = [secretOf('redis', { password }), secretOf('redis-tls', makeCertificates())];
    network = resources.use(makeNetwork()).name;
    redis = resources.use(
      await RunningPod.start(podOf('redis'), { network, names: ['redis.pod-patterns.svc'] }),
    );
  });
  afterAll(() => resources.disposeAsync());

  it('Redis speaks TLS only', () => {
    expect(cli(tls, 'ping').stdout).toBe('PONG');
    expect(cli('ping').stdout).not.toContain('PONG');
  });

  it('Redis asks for the password of the Secret, whatever is in it', () => {
    const ask = (login: string) =>
      redis.exec('redis', 'sh', '-c', `REDISCLI_AUTH=wrong redis-cli ${login} ${tls} hget views home`);
    expect(redis.exec('redis', 'sh', '-c', `redis-cli ${tls} ping`).stdout).toContain('NOAUTH');
    for (const login of ['', '--user app', '--user default', '--user health']) {
      const { stdout, stderr } = ask(login);
      expect(stdout + stderr, login).toMatch(/NOAUTH|NOPERM/);
    }
  });

  it('the password is not to be seen among the processes', () => {
    expect(redis.exec('redis', 'cat', '/proc/1/cmdline').stdout).not.toContain('strange');
    expect(redis.exec('redis', 'cat', '/proc/1/environ').stdout).not.toContain('strange');
    // nor in what Redis was told of its users
    expect(redis.exec('redis', 'cat', '/run/redis/users.acl').stdout).toMatch(/^user app .*#[0-9a-f]{64}$/m);
    expect(redis.exec('redis', 'stat', '-c', '%a', '/run/redis/users.acl').stdout).toBe('600');
  });

  it('Redis keeps what it was told through a crash', async () => {
    expect(cli(tls, 'set', '{cache}:kept', 'yes').stdout).toBe('OK');
    redis.kill('redis');
    await redis.restart('redis');
    expect(cli(tls, 'get', '{cache}:kept').stdout).toBe('yes');
  });

  it('a page view goes through the ambassador to Redis, in TLS, with the password', async () => {
    await using web = await RunningPod.start(podOf('web'), { network });
    const response = await fetch(web.url(8080, '/api/views/home'), { method: 'POST' });
    expect(await response.json()).toEqual({ page: 'home', views: 1 });
    expect(cli(tls, 'hget', 'views', 'home').stdout).toBe('1');
    // the key of the authority and of Redis are not in web's pod
    expect(web.files('redis-authority')).toEqual(['ca.crt']);
  });
});
