import { existsSync, globSync } from 'node:fs';
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
    format: 'esm',
    // function names stay, so that a stack trace from production can be read
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
    loader: { '.html': 'text', '.css': 'text', '.svg': 'text' },
    // CommonJS dependencies call require for Node's own modules
    banner: {
      js: "import{createRequire as createRequireFrom}from'node:module';const require=createRequireFrom(import.meta.url);",
    },
  });
  const [output] = Object.values(metafile.outputs);
  console.log(`${folder}/dist/${name}.js  ${Math.round((output?.bytes ?? 0) / 1024)} KB`);
}
for (const name of wanted) {
  if (!existsSync(join(root, 'packages', name, 'src/main.ts'))) {
    console.error(`build: ${name}: no packages/${name}/src/main.ts`);
    process.exitCode = 2;
  }
}
