import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { images, packages } from '../../scripts/packages.ts';
import { circlesOf } from './circles.ts';
import { folderOrder } from './folder-order.ts';

const root = join(import.meta.dirname, '../..');

interface Import {
  readonly file: string;
  readonly specifier: string;
}

/** Every import of the sources below a folder, relative ones as paths from the root. */
function importsOf(pattern: string): Import[] {
  return globSync(pattern, { cwd: root }).flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8');
    const found = source.matchAll(
      /^(?:import|export)\s[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)|^import '([^']+)'/gm,
    );
    return [...found].map((match) => {
      const specifier = match[1] ?? match[2] ?? match[3] ?? '';
      return {
        file,
        specifier: specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier,
      };
    });
  });
}

const isTest = ({ file }: Import) => /\.(test|it|docker)\.ts$/.test(file) || /\/test\//.test(file);

/** The file's folder directly below `src`, or the file itself if it has none. */
function roomOf(path: string): string {
  return path.split('/', 1)[0] ?? '';
}

describe.each(packages)('%s', (name) => {
  const manifest: { dependencies?: Record<string, string>; devDependencies?: Record<string, string> } =
    JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  const imports = importsOf(`packages/${name}/**/*.ts`).filter(({ file }) => !file.includes('/dist/'));

  it('has sources that import something', () => {
    expect(imports.length).toBeGreaterThan(0);
  });

  it('imports nothing outside its folder, except kit and npm packages', () => {
    const outside = imports.filter(
      ({ specifier }) => specifier.startsWith('packages/') && !specifier.startsWith(`packages/${name}/`),
    );
    const above = imports.filter(({ specifier }) => /^(tests|bench|scripts|k8s)\//.test(specifier));
    const siblings = imports.filter(
      ({ specifier }) =>
        specifier.startsWith('@pod-patterns/') && !/^@pod-patterns\/kit(\/testing\/|$)/.test(specifier),
    );
    expect([...outside, ...above, ...siblings]).toEqual([]);
  });

  const sources = `packages/${name}/src/`;
  const within = imports
    .filter(
      (entry) => !isTest(entry) && entry.file.startsWith(sources) && entry.specifier.startsWith(sources),
    )
    .map(({ file, specifier }) => [file.slice(sources.length), specifier.slice(sources.length)] as const);

  it('has no files that import each other in a circle', () => {
    expect(circlesOf(within)).toEqual([]);
  });

  it('has folders that import each other in one direction only', () => {
    const rooms = within.map(([file, imported]) => [roomOf(file), roomOf(imported)] as const);
    expect(circlesOf(rooms.filter(([one, other]) => one !== other))).toEqual([]);
  });

  const order = folderOrder[name] ?? [];

  it('has a place in the order of its folders for each of them', () => {
    const folders = globSync(`${sources}*/`, { cwd: root }).map((path) => basename(path));
    expect(folders.sort()).toEqual([...order].sort());
  });

  it('has folders that import only those after them', () => {
    const backwards = within.filter(([file, imported]) => {
      const [from, to] = [order.indexOf(roomOf(file)), order.indexOf(roomOf(imported))];
      return to >= 0 && to < from;
    });
    expect(backwards).toEqual([]);
  });

  it('imports from npm only what its package.json declares, and development packages only in tests', () => {
    const fromRoot = ['vitest', 'fast-check', 'esbuild', 'yaml'];
    const undeclared = imports.filter((entry) => {
      const { specifier } = entry;
      if (specifier.startsWith('packages/') || isBuiltin(specifier)) return false;
      const dependency = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      if (dependency in (manifest.dependencies ?? {})) return false;
      if (name === 'kit' && dependency === '@pod-patterns/kit') return false;
      const isDevelopment = isTest(entry) || !entry.file.includes('/src/');
      return !(
        isDevelopment &&
        (dependency in (manifest.devDependencies ?? {}) || fromRoot.includes(dependency))
      );
    });
    expect(undeclared).toEqual([]);
  });

  it('does not ship test support', () => {
    const shipped = imports.filter((entry) => entry.file.includes(`packages/${name}/src/`) && !isTest(entry));
    expect(shipped.filter(({ specifier }) => /\/testing\//.test(specifier))).toEqual([]);
  });
});

it('the Dockerfiles differ only in the name of the container', () => {
  const files = globSync('packages/*/Dockerfile', { cwd: root });
  const general = files.map((file) => {
    const name = dirname(file).slice('packages/'.length);
    return readFileSync(join(root, file), 'utf8')
      .replace(/^EXPOSE.*\n/m, '')
      .replace(/^(# it runs.*\n)?HEALTHCHECK(.*\\\n)?.*\n/m, 'HEALTHCHECK\n')
      .replace(/image\.description="[^"]*"/, 'image.description')
      .replace(/^# its young generation.*\n/m, '')
      .replace(/"--max-semi-space-size=\d+", /, '')
      .replaceAll(name === 'web' ? /(?<=[/" ])web(?=[/"\n.])/g : name, 'NAME')
      .split('\n')
      .filter((line) => !line.startsWith('COPY packages/'))
      .join('\n');
  });
  expect(files).toHaveLength(images.length);
  expect(new Set(general).size).toBe(1);
});
