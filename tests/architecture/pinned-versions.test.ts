import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Nothing that a user or a test runs depends on what a registry released today. */
const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface LockedPackage {
  readonly integrity?: string;
  readonly link?: boolean;
}

describe.each(tracked.filter((file) => /(^|\/)package\.json$/.test(file)))('%s', (file) => {
  it('names exact versions only', () => {
    const { dependencies, devDependencies, optionalDependencies }: Manifest = JSON.parse(read(file));
    const ranges = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^(\d+\.\d+\.\d+|file:[\w/]+)$/.test(version),
    );
    expect(ranges).toEqual([]);
  });
});

describe('package-lock.json', () => {
  const locked: Record<string, LockedPackage> = JSON.parse(read('package-lock.json')).packages;
  const installed = Object.entries(locked).filter(([path, { link }]) => /node_modules\//.test(path) && !link);

  it('has a hash for every download', () => {
    expect(installed.length).toBeGreaterThan(100);
    expect(installed.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
  });

  it('has Node itself for each platform that developers have', () => {
    const { optionalDependencies }: Manifest = JSON.parse(read('scripts/node/package.json'));
    for (const [name, version] of Object.entries(optionalDependencies ?? {}))
      expect(locked[`node_modules/${name}`]).toMatchObject({ version, dev: true, optional: true });
  });
});

it('runs no install script of a package: such a script may download what no lockfile names', () => {
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  // a build in a container does not see that file
  const builds = tracked
    .filter((file) => /(^|\/)Dockerfile$/.test(file))
    .flatMap((file) => read(file).match(/npm ci.*/g) ?? []);
  expect(builds.length).toBeGreaterThan(4);
  expect(builds.filter((command) => !command.includes('--ignore-scripts'))).toEqual([]);
});

it('no command takes the latest release of a program or an image', () => {
  const runs =
    /\bnpx\b(?! --no\b)|\bnpm (?:install|i|add|exec) [a-z@]|@latest\b|\bimage: \S+:latest\b|FROM \S+:latest\b/;
  const commands = tracked.filter((file) =>
    /(^|\/)(Makefile|Dockerfile|[\w.-]+\.(sh|ya?ml|md|hcl|mjs|cjs))$|^scripts\/|^\.ci\//.test(file),
  );
  expect(commands.length).toBeGreaterThan(20);
  const found = commands.flatMap((file) =>
    read(file)
      .split('\n')
      .filter((line) => runs.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});
