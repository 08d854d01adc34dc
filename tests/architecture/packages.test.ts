import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { images, namingFiles, packages, programs } from '../../scripts/packages.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe.each(namingFiles())('%s', (file, write) => {
  it('names every package, and no other: else run `make docs`', () => {
    expect(write(read(file))).toBe(read(file));
  });

  it('has the place for their names', () => {
    const name = /Dockerfile/.test(file) ? packages[0] : images[0];
    const without = read(file).replace(
      new RegExp(`packages/${name}/package\\.json|"${name}", `),
      'packages/nobody/package.json',
    );
    expect(write(without)).toBe(read(file));
  });
});

describe.each(packages)('%s', (name) => {
  it('is in the lockfile as a workspace of the same version', () => {
    const { packages: locked }: { packages: Record<string, { version?: string }> } = JSON.parse(
      read('package-lock.json'),
    );
    expect(locked[`packages/${name}`]?.version).toBe(JSON.parse(read('package.json')).version);
  });

  it('is in the README', () => {
    expect(read(name === 'kit' ? 'CONTRIBUTING.md' : 'README.md')).toContain(name);
  });
});

it.each(images)('compose runs the image of %s', (name) => {
  expect(read('docker-compose.yml')).toContain(`packages/${name}/Dockerfile`);
});

it.each(images)('a manifest runs the image of %s', (name) => {
  const manifests = globSync('k8s/{app,components}/**/*.yaml', { cwd: root }).map(read);
  expect(manifests.some((text) => text.includes(`image: pod-patterns/${name}:`))).toBe(true);
});

it('each program describes its options', () => {
  for (const name of programs) expect(read(`packages/${name}/src/options.ts`)).toContain(`name: '${name}'`);
});
