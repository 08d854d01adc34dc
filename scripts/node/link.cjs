// Runs after each install, under whatever Node the machine has: puts the pinned Node of this platform at
// node_modules/.bin/node. npm 10 may remove its own link again with the packages of the other platforms.
const { mkdirSync, rmSync, symlinkSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const { optionalDependencies } = require('./package.json');

const root = join(__dirname, '../..');
const suffix = `-${process.platform}-${process.arch}`;
const name = Object.keys(optionalDependencies).find((dependency) => dependency.endsWith(suffix));
const manifest = find(`${name}/package.json`);
if (manifest !== undefined) link(join(dirname(manifest), require(manifest).bin.node));
else if (name === undefined && Number.parseInt(process.versions.node, 10) < 24)
  console.error(`no pinned Node for ${suffix.slice(1)}, and this one is ${process.version}: install Node 24`);

/** Not there when the development dependencies were left out. */
function find(module) {
  try {
    return require.resolve(module, { paths: [root] });
  } catch {
    return undefined;
  }
}

function link(program) {
  const bin = join(root, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  rmSync(join(bin, 'node'), { force: true });
  symlinkSync(relative(bin, program), join(bin, 'node'));
}
