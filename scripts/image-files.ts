import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Native parts, loaded only if an option needs them. A machine without a prebuilt part omits them. */
const nativeParts: Readonly<Record<string, string>> = {
  'statsd-adaptor': `node_modules/@koromix/koffi-linux-${process.arch}/linux_${process.arch}/koffi.node`,
};

/** Lays out the files of a program's image in `image` of its dist folder: its bundle, and its native part if it has one. */
export function layOutImage(root: string, dist: string, name: string): void {
  const image = join(root, dist, 'image');
  rmSync(image, { recursive: true, force: true });
  mkdirSync(image);
  cpSync(join(root, dist, `${name}.js`), join(image, `${name}.cjs`));
  for (const file of globSync(nativeParts[name] ?? [], { cwd: root }))
    cpSync(join(root, file), join(image, basename(file)));
}
