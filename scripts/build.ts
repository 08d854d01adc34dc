import { existsSync, globSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

/** Bundles every program (a package with a `src/main.ts`) into one runnable file, `dist/<name>.js`. */
const root = join(import.meta.dirname, '..');
const wanted = process.argv.slice(2);

const entries = globSync('packages/*/src/main.ts', { cwd: root })
  .map((entry) => dirname(dirname(entry)))
  .filter((folder) => wanted.length === 0 || wanted.includes(basename(folder)));

for (const folder of entries) {
  const name = basename(folder);
  const outfile = join(root, folder, 'dist', `${name}.js`);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(folder, 'src/main.ts')],
    outfile,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node24',
    // CommonJS starts faster: an import of one of Node's modules would evaluate all that it exports
    format: 'cjs',
    // function names stay, so that a stack trace from production can be read
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  // the package is one of ES modules; its bundle is not
  writeFileSync(join(root, folder, 'dist/package.json'), '{ "type": "commonjs" }\n');
  const [output] = Object.values(metafile.outputs);
  console.log(`${folder}/dist/${name}.js  ${Math.round((output?.bytes ?? 0) / 1024)} KB`);
}
for (const name of wanted) {
  if (!existsSync(join(root, 'packages', name, 'src/main.ts'))) {
    console.error(`build: ${name}: no packages/${name}/src/main.ts`);
    process.exitCode = 2;
  }
}
