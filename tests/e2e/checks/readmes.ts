import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterCheck } from '../check.ts';
import { namespaces } from '../namespaces.ts';
import { clusterBlocks, runReadme } from '../readme.ts';

const root = join(import.meta.dirname, '../../..');

const readmes = globSync('k8s/**/README.md', { cwd: root })
  .sort()
  .map((file) => ({ file, blocks: clusterBlocks(file) }))
  .filter(({ blocks }) => blocks.some(({ needs }) => needs === 'cluster'));

/** Every command of a README works in a cluster, and prints what it says. */
export const readmeChecks: readonly ClusterCheck[] = readmes.map(({ file, blocks }) => ({
  title: `${file}, as written`,
  async see(cluster) {
    try {
      await runReadme(cluster, blocks);
      return `${blocks.length} blocks, each prints what it says`;
    } finally {
      await cluster.run('delete', 'namespace', ...namespaces.keys(), '--ignore-not-found');
    }
  },
}));
