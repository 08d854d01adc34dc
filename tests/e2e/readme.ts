import { type CommandBlock, commandBlocks } from '../readme/blocks.ts';
import { readmeText, runBlocks } from '../readme/run-blocks.ts';
import type { Kubectl } from './kubectl.ts';

/** Blocks that a reader with a cluster runs. */
export function clusterBlocks(readme: string): CommandBlock[] {
  return commandBlocks(readmeText(readme)).filter(({ needs }) => needs === 'cluster' || needs === undefined);
}

/** Runs blocks of a README, in order, in one shell. @throws Error with failures and unexpected output */
export async function runReadme(cluster: Kubectl, blocks: readonly CommandBlock[]): Promise<void> {
  if (blocks.length === 0) throw new Error('the README has no such block');
  const faults = await runBlocks(blocks, { timeoutMs: 900_000, env: cluster.environment });
  if (faults.length > 0) throw new Error(faults.join('\n'));
}
