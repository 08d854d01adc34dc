import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type OptionSet, type Parsed, type Program, parseOptions } from '@pod-patterns/kit';
import type { IContainer } from '../../packages/pod-review/src/pod/types.ts';
import { environmentOf, type PodManifest } from './manifests.ts';

const root = join(import.meta.dirname, '../..');

/** `web` of `pod-patterns/web:0.1.0` that runs what its image runs; undefined for what others wrote. */
export function ourName({ image = '', command }: IContainer): string | undefined {
  return command === undefined ? /^pod-patterns\/([a-z-]+)/.exec(image)?.[1] : undefined;
}

/** What one of our programs makes of the arguments and the environment that a manifest gives it. */
export async function configOf(pod: PodManifest, container: IContainer): Promise<Parsed<OptionSet>> {
  const { program }: { program: Program } = await import(
    join(root, 'packages', ourName(container) ?? '', 'src/options.ts')
  );
  const env = Object.fromEntries(environmentOf(pod, container, {}));
  // a secret is mounted in the pod only: any file stands for it
  for (const [name, value] of Object.entries(env)) {
    if (name.endsWith('_FILE') && !existsSync(value)) env[name] = join(root, 'package.json');
  }
  return parseOptions(program, { argv: container.args ?? [], env });
}

/** How long a container may take to end, in seconds: what our programs are told, and a guess for the others. */
export async function drainSeconds(pod: PodManifest, container: IContainer): Promise<number> {
  if (ourName(container) === undefined) return 5;
  const parsed = await configOf(pod, container);
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
  return Number(parsed.config['shutdownTimeout']) / 1000;
}
