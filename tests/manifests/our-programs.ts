import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type OptionSet, type Parsed, type Program, parseOptions } from '@pod-patterns/kit';
import type { IContainer } from '../../packages/pod-review/src/pod/types.ts';
import { environmentOf, type PodManifest } from './manifests.ts';

const root = join(import.meta.dirname, '../..');

/** `web` for `pod-patterns/web:0.1.0` with the image's own command; undefined for other programs. */
export function ourName({ image = '', command }: IContainer): string | undefined {
  return command === undefined ? /^pod-patterns\/([a-z-]+)/.exec(image)?.[1] : undefined;
}

/** Configuration that one of our programs parses from the arguments and environment of its manifest. */
export async function configOf(pod: PodManifest, container: IContainer): Promise<Parsed<OptionSet>> {
  const { program }: { program: Program } = await import(
    join(root, 'packages', ourName(container) ?? '', 'src/options.ts')
  );
  const env = Object.fromEntries(environmentOf(pod, container, {}));
  // secrets are mounted only in the pod: any file will do here
  for (const [name, value] of Object.entries(env)) {
    if (name.endsWith('_FILE') && !existsSync(value)) env[name] = join(root, 'package.json');
  }
  return parseOptions(program, { argv: container.args ?? [], env });
}

/** Longest time that a container takes to stop, in seconds: the setting of our programs, or a guess for others. */
export async function drainSeconds(pod: PodManifest, container: IContainer): Promise<number> {
  if (ourName(container) === undefined) return 5;
  const parsed = await configOf(pod, container);
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
  return Number(parsed.config['shutdownTimeout']) / 1000;
}
