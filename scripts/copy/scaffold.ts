import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The generated files of a copy: each is a function of this repository's files. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Runs before anything that needs Node 24: the machine's own may be older, and a shell caches the path of `node`. */
const link = 'node scripts/node/link.cjs';

const read = (file: string): Manifest => JSON.parse(readFileSync(file, 'utf8'));

/** A manifest with the versions pinned here, and only those dependencies of kit that its copied parts import. */
export function manifestOf(
  root: string,
  name: string,
  kitFiles: ReadonlySet<string>,
): Record<string, unknown> {
  const own = read(join(root, 'packages', name, 'package.json'));
  const kit = read(join(root, 'packages/kit/package.json'));
  const all = read(join(root, 'package.json'));
  const kitSources = [...kitFiles]
    .map((file) => readFileSync(join(root, 'packages/kit', file), 'utf8'))
    .join('\n');
  const kitNeeds = Object.entries(kit.dependencies ?? {}).filter(([dependency]) =>
    new RegExp(`from '${dependency}(/[^']*)?'`).test(kitSources),
  );
  const { '@pod-patterns/kit': _, ...dependencies } = {
    ...own.dependencies,
    ...Object.fromEntries(kitNeeds),
  };
  const tools = ['pinned-node', 'typescript', 'vitest', 'fast-check', '@types/node', 'yaml'];
  const pinned = tools.map((tool) => [tool, all.devDependencies?.[tool]] as const);
  return {
    name,
    version: own.version,
    private: true,
    description: own.description,
    license: own.license,
    type: 'module',
    engines: own.engines,
    // lets the bundle omit unused code
    sideEffects: false,
    imports: { '#kit': './kit/src/index.ts', '#kit/testing/*': './kit/testing/*.ts' },
    scripts: {
      build: `${link} && node_modules/.bin/node scripts/build.ts`,
      start: `${link} && node_modules/.bin/node src/main.ts`,
      types: 'tsc --noEmit',
      test: `${link} && tsc --noEmit && vitest run --project unit`,
      'test:integration': 'npm run build && vitest run --project integration',
    },
    dependencies: sorted({ ...dependencies, esbuild: all.dependencies?.['esbuild'] }),
    devDependencies: sorted({
      ...Object.fromEntries(pinned.filter(([tool]) => !(tool in dependencies))),
      ...own.devDependencies,
    }),
  };
}

function sorted(entries: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function tsconfig(root: string): string {
  const settings: { compilerOptions: unknown } = JSON.parse(
    readFileSync(join(root, 'tsconfig.json'), 'utf8'),
  );
  const own = {
    compilerOptions: settings.compilerOptions,
    include: ['**/*.ts'],
  };
  return `${JSON.stringify(own, undefined, 2)}\n`;
}

export const vitestConfig = `import { defineConfig } from 'vitest/config';

// properties on real files take seconds on a busy machine
const common = { setupFiles: ['property-seed.ts'], testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts'], ...common } },
      { test: { name: 'integration', include: ['test/**/*.it.ts'], ...common } },
    ],
  },
});
`;

/** The package's Dockerfile without the workspaces around it. */
export function dockerfileOf(dockerfile: string, name: string): string {
  return dockerfile
    .replace(/^# docker build.*\n\n# The stages.*\n/, `# docker build -t ${name} .\n\n`)
    .replace(/^COPY packages\/[\w-]+\/package\.json .*\n/gm, '')
    .replace(
      'COPY scripts/build.ts scripts/bundle.ts scripts/image-files.ts scripts/\n',
      'COPY scripts scripts\nCOPY kit kit\nCOPY src src\n',
    )
    .replace(/^COPY packages\/[\w-]+ packages\/[\w-]+\n/gm, '')
    .replace(`RUN node scripts/build.ts ${name}`, 'RUN node scripts/build.ts')
    .replace('; all images of the pod share all but the last', '')
    .replace(`/build/packages/${name}/dist/`, '/build/dist/');
}

/** The manifests of this repository that the README's commands read: paths from its root. */
export function manifestsIn(readme: string): string[] {
  return [...new Set(readme.match(/(?<=\s)(?:docs|tests)\/[\w./-]+\.yaml\b/g))];
}

/** The package's README with paths of this folder and its origin. */
export function readmeOf(readme: string): string {
  return `${readme
    .replace(/packages\/[\w-]+\/dist\//g, 'dist/')
    .replace(/packages\/[\w-]+\/src\//g, 'src/')
    .replaceAll('make build', 'npm ci && npm run build')
    .replaceAll("in the repository's root", 'in this folder')
    // these links still lead to the original repository
    .replace(/\[([^\]]+)\]\(\.\.\/[^)]*\)/g, '$1')
    .replace(/npm run integration -- packages\/[\w-]+\//g, 'npm run test:integration -- ')
    .trimEnd()}\n\n---\nMade from pod-patterns (Apache-2.0) by \`make copy\`: the folder \`kit\` holds what its containers share.\n`;
}
