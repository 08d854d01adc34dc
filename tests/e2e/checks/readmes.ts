import { globSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandBlock, commandBlocks } from '../../readme/blocks.ts';
import { readmeText, runBlocks } from '../../readme/run-blocks.ts';
import type { ClusterCheck } from '../check.ts';
import { namespaces } from '../namespaces.ts';

const root = join(import.meta.dirname, '../../..');

/** What a reader with a cluster pastes. */
const isForCluster = ({ needs }: CommandBlock) => needs === 'cluster' || needs === undefined;

const readmes = globSync('k8s/**/README.md', { cwd: root })
  .sort()
  .map((file) => ({ file, blocks: commandBlocks(readmeText(file)).filter(isForCluster) }))
  .filter(({ blocks }) => blocks.some(({ needs }) => needs === 'cluster'));

/** Every command of a README works in a cluster, and prints what it says. */
export const readmeChecks: readonly ClusterCheck[] = readmes.map(({ file, blocks }) => ({
  title: `${file}, as written`,
  async see(cluster) {
    try {
      const faults = await runBlocks(blocks, { timeoutMs: 900_000, env: cluster.environment });
      if (faults.length > 0) throw new Error(faults.join('\n'));
      return `${blocks.length} blocks, each prints what it says`;
    } finally {
      await cluster.run('delete', 'namespace', ...namespaces.keys(), '--ignore-not-found');
    }
  },
}));
