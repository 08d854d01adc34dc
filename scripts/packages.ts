import { globSync } from 'node:fs';
import { join } from 'node:path';

/** The one list of packages, by folder. Other lists of packages are written or checked from here. */
const root = join(import.meta.dirname, '..');

const namesWith = (file: string): string[] =>
  globSync(`packages/*/${file}`, { cwd: root })
    .map((path) => path.split('/')[1] ?? '')
    .sort();

/** All packages, including kit. */
export const packages: readonly string[] = namesWith('package.json');

/** Packages with a program: each is bundled into one file. */
export const programs: readonly string[] = namesWith('src/main.ts');

/** Packages with an image. */
export const images: readonly string[] = namesWith('Dockerfile');

/** Files that name packages, each with the text that it should have. */
export function namingFiles(): ReadonlyArray<readonly [file: string, write: (text: string) => string]> {
  const manifests = packages.map((name) => `COPY packages/${name}/package.json packages/${name}/\n`);
  const list = images.map((name) => `"${name}"`).join(', ');
  return [
    ...images.map(
      (name) =>
        [
          join('packages', name, 'Dockerfile'),
          (text: string) =>
            text.replace(/(?:^COPY packages\/[\w-]+\/package\.json .*\n)+/m, manifests.join('')),
        ] as const,
    ),
    [
      'docker-bake.hcl',
      (text) => text.replace(/(?<=^variable "CONTAINERS" \{\n {2}default = \[)[^\]]*/m, list),
    ],
  ];
}
