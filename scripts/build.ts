import { globSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bundle } from './bundle.ts';
import { layOutImage } from './image-files.ts';

/**
 * Bundles every program (a package with a `src/main.ts`) into one runnable file, `dist/<name>.js`, and lays out
 * the files of its image in `dist/image`: that file, and a native part if it has one.
 */
const root = join(import.meta.dirname, '..');
const wanted = process.argv.slice(2);

const folders = globSync('packages/*/src/main.ts', { cwd: root }).map((entry) => dirname(dirname(entry)));
const names = folders.map((folder) => basename(folder));
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`build: "${unknown.join(' ')}": expected one of ${names.sort().join(', ')}`);
  process.exit(2);
}

for (const folder of folders) {
  const name = basename(folder);
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const outfile = join(folder, 'dist', `${name}.js`);
  const { outputs } = await bundle(root, join(folder, 'src/main.ts'), outfile);
  // the package has ES modules; its bundle is CommonJS
  writeFileSync(join(root, folder, 'dist/package.json'), '{ "type": "commonjs" }\n');
  layOutImage(root, join(folder, 'dist'), name);
  console.log(`${outfile}  ${Math.round((outputs[outfile]?.bytes ?? 0) / 1024)} KB`);
}
