// Links the pinned Node of this platform as node_modules/.bin/node, under any Node that the machine has and before any
// program of node_modules. npm 10 and older remove their own link together with the packages of other platforms.
const { existsSync, mkdirSync, rmSync, symlinkSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const { optionalDependencies } = require('./package.json');

const root = join(__dirname, '../..');
const bin = join(root, 'node_modules/.bin');
const platform = `${process.platform}-${process.arch}`;
const name = Object.keys(optionalDependencies).find((dependency) => dependency.endsWith(`-${platform}`));
const program =
  pinnedNode() || (Number.parseInt(process.versions.node, 10) >= 24 ? process.execPath : undefined);
if (program === undefined) {
  const remedy = name === undefined ? `there is none for ${platform}: install Node 24` : 'run npm ci';
  console.error(`no pinned Node in node_modules, and this one is ${process.version}: ${remedy}`);
  process.exitCode = 1;
} else if (!existsSync(join(bin, 'node'))) link(program);

/** Missing on a platform without a package, or after an installation without development dependencies. */
function pinnedNode() {
  try {
    const manifest = require.resolve(`${name}/package.json`, { paths: [root] });
    return join(dirname(manifest), require(manifest).bin.node);
  } catch {
    return undefined;
  }
}

function link(program) {
  mkdirSync(bin, { recursive: true });
  rmSync(join(bin, 'node'), { force: true });
  symlinkSync(relative(bin, program), join(bin, 'node'));
}
