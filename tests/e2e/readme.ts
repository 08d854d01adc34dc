import { type CommandBlock, commandBlocks } from '../readme/blocks.ts';
import { readmeText, runBlocks } from '../readme/run-blocks.ts';
import type { Kubectl } from './kubectl.ts';

/** What a reader with a cluster pastes. */
export function clusterBlocks(readme: string): CommandBlock[] {
  return commandBlocks(readmeText(readme)).filter(({ needs }) => needs === 'cluster' || needs === undefined);
}

/** Runs blocks of a README, in order, in one shell. @throws Error with what failed, or printed otherwise */
export async function runReadme(cluster: Kubectl, blocks: readonly CommandBlock[]): Promise<void> {
  if (blocks.length === 0) throw new Error('the README does not show it');
  const faults = await runBlocks(blocks, { timeoutMs: 900_000, env: cluster.environment });
  if (faults.length > 0) throw new Error(faults.join('\n'));
}
