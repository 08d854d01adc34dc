import { basename, resolve } from 'node:path';
import { build, type Metafile } from 'esbuild';

const oldestNode = 24;

/** Optional dependencies of dependencies: an installation may lack them, and no bundle may differ by that. */
export const mayBeMissing = ['unix-dgram', 'supports-color'];

/** Bundles a program into one runnable file, `<name>.js`; both paths start at the root. */
export async function bundle(root: string, entry: string, outfile: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: resolve(root, outfile),
    bundle: true,
    metafile: true,
    external: mayBeMissing,
    // what the compiler's settings would change, a build without tsconfig.json (in a Dockerfile) would have otherwise
    tsconfigRaw: {},
    platform: 'node',
    // syntax that a Node too old can still parse, to say that it is too old; so far nothing had to be rewritten for it
    target: 'node18',
    banner: { js: refuseOldNode(basename(outfile, '.js')) },
    // CommonJS starts faster: an import of one of Node's modules would evaluate all that it exports, also one that comes
    // later: node:http has a getter that loads the whole of fetch
    format: 'cjs',
    supported: { 'dynamic-import': false },
    // function names stay, so that a stack trace from production can be read
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return metafile;
}

/** What a bundle begins with. `"use strict"` holds for all of it, as it does for the modules that it is made of. */
function refuseOldNode(name: string): string {
  const refusal = `"${name}: needs Node ${oldestNode} or later, this is "+process.version+" ("+process.execPath+")"`;
  return `"use strict";if(parseInt(process.versions.node)<${oldestNode}){console.error(${refusal});process.exit(2)}`;
}
