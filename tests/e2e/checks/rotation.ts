import type { CommandBlock } from '../../readme/blocks.ts';
import { clientNamespace, countedBy, namespaceOf, rolledOut } from '../app.ts';
import type { ClusterCheck } from '../check.ts';
import type { Kubectl } from '../kubectl.ts';
import { Load } from '../load.ts';
import { restartsOf } from '../pods.ts';
import { clusterBlocks, runReadme } from '../readme.ts';
import { describeTally } from '../tally.ts';

interface Place {
  readonly name: string;
  readonly folder: string;
  readonly namespace: string;
  readonly deployment: string;
  readonly readme: string;
  /** Whether a block of that README must run first. */
  readonly isNeeded?: (block: CommandBlock) => boolean;
}

const backend = 'k8s/backends/redis/README.md';
const places: readonly Place[] = [
  {
    name: 'kind',
    folder: 'k8s/overlays/kind',
    namespace: 'pod-patterns',
    deployment: 'web',
    readme: backend,
  },
  {
    name: 'TLS',
    folder: 'tests/e2e/tls',
    namespace: 'pod-patterns',
    deployment: 'web',
    readme: backend,
    isNeeded: ({ commands }) => /openssl req|create secret generic redis-tls/.test(commands),
  },
  {
    name: 'patterns/ambassador',
    folder: 'k8s/patterns/ambassador',
    namespace: 'pattern-ambassador',
    deployment: 'ambassador',
    readme: 'k8s/patterns/ambassador/README.md',
  },
];

const isStep = ({ commands }: CommandBlock) => commands.includes('patch secret redis ');

/** The password of Redis changes as in the README, and no user notices. */
export const rotations: readonly ClusterCheck[] = places.map((place) => ({
  title: `password of Redis changed under load: ${place.name}`,
  async see(cluster) {
    const kubectl = cluster.in(place.namespace);
    try {
      await deploy(cluster, place);
      const url = `http://web.${place.namespace}.svc/api/views/rotation`;
      await using load = await Load.start(cluster.in(clientNamespace), { url, method: 'POST' });
      const steps = clusterBlocks(place.readme).filter(isStep);
      await runReadme(cluster, steps);
      await load.more(60);
      const tally = await load.stop();
      if (tally.others.size > 0) throw new Error(describeTally(tally));
      if ((await restartsOf(kubectl, 'redis-0', 'redis')) > 0) throw new Error('Redis was restarted');
      const views = await countedBy(kubectl, 'rotation');
      if (views !== tally.acknowledged.length) throw new Error(`Redis has ${views} views`);
      return `${steps.length} steps; ${describeTally(tally)}, each view in Redis once; Redis not restarted`;
    } finally {
      await cluster.run('delete', 'namespace', place.namespace, clientNamespace, '--ignore-not-found');
    }
  },
}));

async function deploy(
  cluster: Kubectl,
  { folder, namespace, deployment, readme, isNeeded }: Place,
): Promise<void> {
  const kubectl = cluster.in(namespace);
  await cluster.send([namespaceOf(namespace), namespaceOf(clientNamespace)], 'apply');
  if (isNeeded !== undefined) await runReadme(cluster, clusterBlocks(readme).filter(isNeeded));
  await cluster.run('apply', '-k', folder);
  await rolledOut(kubectl, 'statefulset/redis');
  await rolledOut(kubectl, `deployment/${deployment}`);
}
