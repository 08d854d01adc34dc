import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from './certificates.ts';
import { ownerOf } from './cluster-nodes.ts';
import { goldenPod, type KubernetesObject, type PodManifest, secretOf } from './manifests.ts';
import { makeNetwork, RunningPod } from './run-pod.ts';

/** k8s/backends/redis-cluster with TLS: six nodes and the Job as rendered, run as a kubelet would. */
const folder = 'tests/e2e/cluster-tls';
const names = [0, 1, 2, 3, 4, 5].map((number) => `redis-${number}`);

describe('the Redis Cluster of k8s/backends, with TLS', () => {
  const resources = new AsyncDisposableStack();
  const nodes = new Map<string, RunningPod>();
  let network: string;
  let job: RunningPod;
  let secrets: readonly KubernetesObject[];
  const podOf = (workload: string, name = workload): PodManifest => {
    const pod = goldenPod(folder, workload);
    const others = pod.objects.filter(({ kind }) => kind !== 'Secret');
    return { ...pod, name, objects: [...others, ...secrets] };
  };
  const startNode = async (name: string) => {
    const aliases = [`${name}.redis-nodes`, 'redis-nodes', 'redis'].map(
      (alias) => `${alias}.pod-patterns.svc`,
    );
    const node = await RunningPod.start(podOf('redis', name), { network, names: aliases });
    nodes.set(name, resources.use(node));
  };
  const ask = (name: string, user: string, command: string) => {
    const login = `REDISCLI_AUTH="$(cat /run/secrets/users/${user}/password)" redis-cli --user ${user}`;
    return nodes.get(name)?.exec('redis', 'sh', '-c', `${login} $REDIS_CLI_FLAGS ${command}`).stdout ?? '';
  };

  beforeAll(async () => {
    secrets = [
      secretOf('redis', { password: 'a "strange" $pass word' }),
      secretOf('redis-peer', { password: `peers' "own" \\ one` }),
      secretOf('redis-tls', makeCertificates()),
    ];
    network = resources.use(makeNetwork()).name;
    const manifest = podOf('redis-cluster');
    job = resources.use(await RunningPod.start(manifest, { network, before: 'form' }));
    const [form] = manifest.spec.containers;
    // a node is ready when the Job has assigned the slots; the Job ends by itself, as an init container does
    const formed = form && job.startContainer(form, true);
    await Promise.all([formed, ...names.map(startNode)]);
  }, 240_000);
  afterAll(() => resources.disposeAsync());

  it('is formed by the Job: three primaries with all slots, and a replica for each', () => {
    expect(job.stdout('form')).toBe('3 primaries, 3 replicas: all slots are served');
    const roles = names.map((name) => ask(name, 'peer', 'role').split('\n')[0]);
    expect(roles).toEqual(['master', 'master', 'master', 'slave', 'slave', 'slave']);
  });

  it('accepts only TLS, also between the nodes', () => {
    const plain = nodes.get('redis-0')?.exec('redis', 'sh', '-c', 'timeout 5 redis-cli ping').stdout;
    expect(plain).not.toContain('PONG');
    const settings = nodes.get('redis-0')?.exec('redis', 'cat', '/etc/redis/extra-tls-peers.conf').stdout;
    expect(settings).toContain('tls-cluster yes');
  });

  it('without a password answers only health questions', () => {
    const without = (command: string) =>
      nodes
        .get('redis-0')
        ?.exec('redis', 'sh', '-c', `REDISCLI_AUTH=none redis-cli --user health $REDIS_CLI_FLAGS ${command}`)
        .stdout;
    expect(without('cluster info')).toContain('cluster_state:ok');
    for (const command of [
      'cluster nodes',
      'cluster meet 10.0.0.1 6379',
      'cluster reset',
      'get x',
      'config get x',
    ])
      expect(without(command), command).toContain('NOPERM');
  });

  it('keeps counting when a primary is lost, and accepts a node of the same name without data', async () => {
    await using web = await RunningPod.start(podOf('web'), { network });
    const view = () => fetch(web.url(8080, '/api/views/home'), { method: 'POST' });
    await eventually(async () => (await view()).ok, { timeoutMs: 60_000 });
    const slot = Number(ask('redis-5', 'peer', 'cluster keyslot views'));
    const owner = (by: string) => ownerOf(ask(by, 'peer', 'cluster nodes'), slot) ?? '';
    const before = owner('redis-5');
    const counted = Number(ask(before, 'app', 'hget views home'));
    expect(counted).toBeGreaterThan(0);

    await nodes.get(before)?.[Symbol.asyncDispose]();
    const witness = names.find((name) => name !== before) ?? '';
    await eventually(() => ![before, ''].includes(owner(witness)), { timeoutMs: 120_000, everyMs: 500 });
    await eventually(async () => (await view()).ok, { timeoutMs: 120_000, everyMs: 200 });
    expect(Number(ask(owner(witness), 'app', 'hget views home'))).toBeGreaterThan(counted);

    await startNode(before);
    await eventually(() => /^slave[\s\S]*connected/.test(ask(before, 'peer', 'role')), {
      timeoutMs: 120_000,
    });
    // the other nodes learn of the new one, and forget the old one, one by one
    const known = () =>
      ask(witness, 'peer', 'cluster nodes')
        .split('\n')
        .filter((line) => line.includes(`,${before}`));
    await eventually(() => known().length === 1, { timeoutMs: 60_000 });
  }, 480_000);
});
