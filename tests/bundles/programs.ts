import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** Every package with a program, which is bundled. */
export const programs = globSync('packages/*/src/main.ts', { cwd: root }).map((entry) =>
  basename(dirname(dirname(entry))),
);

export const bundleOf = (name: string): string => `packages/${name}/dist/${name}.js`;
