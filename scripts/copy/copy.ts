import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { kitParts } from './kit-parts.ts';
import { dockerfileOf, manifestOf, manifestsIn, readmeOf, tsconfig, vitestConfig } from './scaffold.ts';

/**
 * Copies a package into a folder that stands alone: sources and tests, the parts of kit that they use (as the folder
 * `kit`, imported as `#kit`), manifest, lockfile, compiler settings, Dockerfile, README, licence.
 */
const root = join(import.meta.dirname, '../..');
const [name = '', to = ''] = process.argv.slice(2);
const packages = readdirSync(join(root, 'packages')).filter((folder) => folder !== 'kit');
if (!packages.includes(name)) refuse(`PACKAGE "${name}": expected one of ${packages.join(', ')}`);
if (to === '') refuse('TO "": expected the folder to write');
if (existsSync(to) && readdirSync(to).length > 0)
  refuse(`TO "${to}": expected a folder that is empty or not there yet`);

const from = join(root, 'packages', name);
const target = resolve(to);
const made = ['package.json', 'README.md', 'Dockerfile'];
const folders = readdirSync(from).filter((part) => ![...made, 'node_modules', 'dist'].includes(part));
for (const part of folders) cpSync(join(from, part), join(target, part), { recursive: true });
const sources = globSync('**/*.ts', { cwd: target });
const parts = kitParts(
  join(root, 'packages/kit'),
  sources.map((file) => readFileSync(join(target, file), 'utf8')),
);

for (const file of sources) {
  rewrite(join(target, file), (text) =>
    text
      .replaceAll("'@pod-patterns/kit/testing/", "'#kit/testing/")
      .replaceAll("'@pod-patterns/kit'", "'#kit'"),
  );
}
for (const file of parts.files) {
  const copied = join(target, 'kit', file);
  mkdirSync(dirname(copied), { recursive: true });
  cpSync(join(root, 'packages/kit', file), copied);
}
write('kit/src/index.ts', parts.index);
write('package.json', `${JSON.stringify(manifestOf(root, name, parts.files), undefined, 2)}\n`);
write('tsconfig.json', tsconfig(root));
write('vitest.config.ts', vitestConfig);
cpSync(join(root, 'tests/property-seed.ts'), join(target, 'property-seed.ts'));
const readme = readFileSync(join(from, 'README.md'), 'utf8');
write('README.md', readmeOf(readme));
write('.gitignore', 'node_modules/\ndist/\n');
write(
  'scripts/build.ts',
  readFileSync(join(import.meta.dirname, 'templates/build.ts.txt'), 'utf8').replaceAll('NAME', name),
);
if (existsSync(join(from, 'Dockerfile'))) {
  write('Dockerfile', dockerfileOf(readFileSync(join(from, 'Dockerfile'), 'utf8'), name));
  write('.dockerignore', 'node_modules\ndist\n.git\n');
}
for (const file of [
  'LICENSE',
  '.npmrc',
  'scripts/bundle.ts',
  'scripts/image-files.ts',
  ...manifestsIn(readme),
])
  cpSync(join(root, file), join(target, file));
cpSync(join(root, 'scripts/node'), join(target, 'scripts/node'), { recursive: true });
cpSync(join(root, 'package-lock.json'), join(target, 'package-lock.json'));

// the copy has the versions tested here, without those it does not need; offline, so npm cannot choose newer ones
const locked = spawnSync(
  'npm',
  [
    'install',
    '--package-lock-only',
    '--offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ],
  { cwd: target, stdio: ['ignore', 'ignore', 'inherit'] },
);
if (locked.status !== 0) refuse('npm could not write the lockfile');
const where = relative(process.cwd(), target) || basename(target);
console.log(
  `${name} is in ${where}, with ${parts.files.size} files of kit. Try: cd ${where} && npm ci && npm test`,
);

function write(file: string, text: string): void {
  mkdirSync(dirname(join(target, file)), { recursive: true });
  writeFileSync(join(target, file), text);
}

function rewrite(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function refuse(fault: string): never {
  console.error(`copy: ${fault}`);
  process.exit(2);
}
