import { eventually } from '@pod-patterns/kit/testing/eventually';
import { ownerOf } from '../../manifests/cluster-nodes.ts';
import { clientNamespace, namespaceOf, rolledOut } from '../app.ts';
import type { ClusterCheck } from '../check.ts';
import type { Kubectl } from '../kubectl.ts';
import { Load } from '../load.ts';
import { podOf, restartsOf } from '../pods.ts';
import { clusterBlocks, runReadme } from '../readme.ts';
import { describeTally } from '../tally.ts';

const namespace = 'pod-patterns';
const page = 'lost';

/** A group of Redis servers, one of which has the counters. */
interface Group {
  readonly title: string;
  readonly folder: string;
  readonly hasTls: boolean;
  /** Further objects to wait for. */
  readonly rolledOut: readonly string[];
  /** The pod that has the counters now. */
  readonly primary: (kubectl: Kubectl) => Promise<string | undefined>;
  /** Whether the servers that elect the next primary know all candidates. */
  readonly isWatched: (kubectl: Kubectl) => Promise<boolean>;
}

/** Output of a shell in a pod; empty if it fails, for example while the pod is replaced. */
async function inside(kubectl: Kubectl, pod: string, command: string): Promise<string> {
  return kubectl.run('exec', pod, '--', 'sh', '-c', command).catch(() => '');
}

const asUser = (user: string, command: string) =>
  `REDISCLI_AUTH="$(cat /run/secrets/users/${user}/password)" redis-cli $REDIS_CLI_FLAGS --user ${user} ${command}`;
const ofSentinel = (question: string) =>
  `REDISCLI_AUTH=none redis-cli $REDIS_CLI_FLAGS --user health -p 26379 sentinel ${question} mymaster`;

const sentinels = {
  rolledOut: ['statefulset/sentinel'],
  async primary(kubectl: Kubectl) {
    const name = await inside(kubectl, 'sentinel-0', ofSentinel('get-master-addr-by-name'));
    return name.split('.')[0] || undefined;
  },
  async isWatched(kubectl: Kubectl) {
    const asked = ['sentinel-0', 'sentinel-1', 'sentinel-2'].map((pod) =>
      inside(kubectl, pod, ofSentinel('master')),
    );
    return (await Promise.all(asked)).every((said) => /num-slaves\n2\nnum-other-sentinels\n2\n/.test(said));
  },
};

const cluster = {
  rolledOut: [],
  async primary(kubectl: Kubectl) {
    // either may be the lost one
    for (const pod of ['redis-0', 'redis-5']) {
      const slot = await inside(kubectl, pod, asUser('peer', 'cluster keyslot views'));
      const nodes = await inside(kubectl, pod, asUser('peer', 'cluster nodes'));
      const owner = slot === '' ? undefined : ownerOf(nodes, Number(slot));
      if (owner !== undefined) return owner;
    }
    return undefined;
  },
  isWatched: async () => true,
};

const groups: readonly Group[] = [
  { title: 'Sentinel', folder: 'k8s/overlays/kind-sentinel', hasTls: false, ...sentinels },
  { title: 'Sentinel, TLS', folder: 'tests/e2e/sentinel-tls', hasTls: true, ...sentinels },
  { title: 'Cluster', folder: 'k8s/overlays/kind-cluster', hasTls: false, ...cluster },
  { title: 'Cluster, TLS', folder: 'tests/e2e/cluster-tls', hasTls: true, ...cluster },
];

/** The server with the counters loses its pod and data: web answers 503 for a time, and no acknowledged view is lost. */
export const redisGroups: readonly ClusterCheck[] = groups.map((group) => ({
  title: `primary of Redis lost under load: ${group.title}`,
  async see(all) {
    const kubectl = all.in(namespace);
    try {
      await deploy(all, group);
      const url = `http://web.${namespace}.svc/api/views/${page}`;
      await using load = await Load.start(all.in(clientNamespace), { url, method: 'POST' });
      await load.more(120);
      const { before, after, seconds } = await losePrimary(kubectl, group);
      await rolledOut(kubectl, 'statefulset/redis');
      await load.more(240);
      const tally = await load.stop();
      const unclear = [...tally.others.keys()].filter((name) => name !== '503');
      if (unclear.length > 0) throw new Error(describeTally(tally));
      const web = (await podOf(kubectl, 'web')).metadata.name;
      if ((await restartsOf(kubectl, web, 'web')) > 0) throw new Error('web was restarted');
      const views = Number(await inside(kubectl, after, asUser('app', `hget views ${page}`)));
      if (!(views >= tally.acknowledged.length)) {
        throw new Error(`${tally.acknowledged.length} views were acknowledged, ${after} has ${views}`);
      }
      const slowest = `slowest answer ${tally.slowestMs} ms`;
      return `${before}, then ${after} after ${seconds.toFixed(0)} s; ${describeTally(tally)}, ${slowest}, nothing acknowledged was lost`;
    } finally {
      await all.run('delete', 'namespace', namespace, clientNamespace, '--ignore-not-found');
    }
  },
}));

async function deploy(all: Kubectl, group: Group): Promise<void> {
  const kubectl = all.in(namespace);
  await all.send([namespaceOf(namespace), namespaceOf(clientNamespace)], 'apply');
  if (group.hasTls) {
    const blocks = clusterBlocks('k8s/backends/redis/README.md');
    const isNeeded = /openssl req|create secret generic redis-tls/;
    await runReadme(
      all,
      blocks.filter(({ commands }) => isNeeded.test(commands)),
    );
  }
  await all.run('apply', '-k', group.folder);
  for (const workload of [...group.rolledOut, 'statefulset/redis', 'deployment/web']) {
    await rolledOut(kubectl, workload);
  }
  await eventually(() => group.isWatched(kubectl), { timeoutMs: 120_000, everyMs: 1000 });
}

/** Deletes the pod of the primary without grace, as the loss of its node would, and waits for the next primary. */
async function losePrimary(kubectl: Kubectl, { primary }: Group) {
  const before = await primary(kubectl);
  if (before === undefined) throw new Error('nobody knows the primary');
  const since = performance.now();
  await kubectl.run('delete', 'pod', before, '--grace-period=0', '--force');
  const another = async () => {
    const now = await primary(kubectl);
    return now === before ? undefined : now;
  };
  const after = await eventually(another, { timeoutMs: 120_000, everyMs: 500 });
  return { before, after, seconds: (performance.now() - since) / 1000 };
}
