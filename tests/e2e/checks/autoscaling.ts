import { commandBlocks } from '../../readme/blocks.ts';
import { readmeText } from '../../readme/run-blocks.ts';
import type { ClusterCheck } from '../check.ts';
import type { Kubectl } from '../kubectl.ts';
import { runReadme } from '../readme.ts';

const namespace = 'pod-patterns';
const folder = 'tests/e2e/autoscaling';
const running = 3;

async function expectReplicas(kubectl: Kubectl, when: string): Promise<void> {
  const replicas = await kubectl.run('get', 'deployment/web', '--output=jsonpath={.spec.replicas}');
  if (replicas !== String(running)) throw new Error(`${replicas} replicas instead of ${running} ${when}`);
}

/** Commands of the README for an overlay that set a number before. */
const handover = commandBlocks(readmeText('k8s/README.md')).filter(({ commands }) =>
  commands.includes('set-last-applied'),
);

/** Adding the autoscaler does not scale a running Deployment to one replica. */
export const autoscaling: ClusterCheck = {
  title: `autoscaling added to a Deployment of ${running}`,
  async see(cluster) {
    const kubectl = cluster.in(namespace);
    const apply = (name: string) => cluster.run('apply', '-k', name);
    try {
      await apply('k8s/app');
      await kubectl.run('scale', 'deployment/web', `--replicas=${running}`);
      await apply(`${folder}/autoscaled`);
      await expectReplicas(kubectl, 'when app/ was applied before');
      await cluster.run('delete', '-k', `${folder}/autoscaled`);

      await apply(`${folder}/numbered`);
      await runReadme(cluster, handover);
      await apply(`${folder}/autoscaled`);
      await expectReplicas(kubectl, 'when a number was applied before');
      return `${running} before, ${running} after, also where a number was applied before`;
    } finally {
      await cluster.run('delete', 'namespace', namespace, '--ignore-not-found');
    }
  },
};
