import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

const oldestNode = 24;

/** Optional dependencies of dependencies: an installation may lack them, and no bundle may differ by that. */
export const mayBeMissing = ['unix-dgram', 'supports-color'];

/** Bundles a program into one runnable file, `<name>.js`; both paths start at the root. */
export async function bundle(root: string, entry: string, outfile: string): Promise<Metafile> {
  const settings: BuildOptions & { metafile: true } = {
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    external: mayBeMissing,
    // what the compiler's settings would change, a build without tsconfig.json (in a Dockerfile) would have otherwise
    tsconfigRaw: {},
    platform: 'node',
    // syntax that a Node too old can still parse, to say that it is too old; so far nothing had to be rewritten for it
    target: 'node18',
    // CommonJS starts faster: an import of one of Node's modules would evaluate all that it exports, also one that comes
    // later: node:http has a getter that loads the whole of fetch
    format: 'cjs',
    supported: { 'dynamic-import': false },
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
  const inputs: Metafile['inputs'] = {};
  const { metafile } = await build({
    ...settings,
    entryPoints: [entry],
    outfile: resolve(root, outfile),
    banner: { js: refuseOldNode(basename(outfile, '.js')) },
    // function names stay, so that a stack trace from production can be read
    plugins: [later(settings, inputs), withAssets, withoutPushgateway],
  });
  return { ...metafile, inputs: { ...metafile.inputs, ...inputs } };
}

/**
 * A package that is only imported when it is needed, by `await import(…)`, is text until then: V8 would parse all of it at
 * each start, which takes 5 ms for a parser of YAML. `inputs` takes note of what it is made of.
 */
function later(settings: BuildOptions & { metafile: true }, inputs: Metafile['inputs']): Plugin {
  return {
    name: 'later',
    setup(program) {
      program.onResolve({ filter: /^[^./]/ }, ({ path, kind, resolveDir }) => {
        if (kind !== 'dynamic-import' || isBuiltin(path)) return undefined;
        return { path, namespace: 'later', pluginData: resolveDir };
      });
      program.onLoad({ filter: /./, namespace: 'later' }, async ({ path, pluginData: resolveDir }) => {
        const { metafile, outputFiles } = await build({
          ...settings,
          stdin: { contents: `module.exports = require(${JSON.stringify(path)})`, resolveDir },
          minifyIdentifiers: true,
          write: false,
        });
        Object.assign(inputs, metafile.inputs);
        const text = `${outputFiles?.[0]?.text ?? ''}//# sourceURL=${path}`;
        return { contents: `new Function('module','require',${JSON.stringify(text)})(module,require)` };
      });
    },
  };
}

/** Puts the text of a file in place of each `readAsset('file')` of an `assets.ts`: a bundle is one file. */
const withAssets: Plugin = {
  name: 'assets',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/assets\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replace(/^import \{ readAsset \}.*\n/m, '')
        .replace(/readAsset\('([\w.-]+)'\)/g, (_, file: string) =>
          JSON.stringify(readFileSync(join(dirname(path), file), 'utf8')),
        ),
      loader: 'ts',
    })),
};

/** prom-client loads its client of a push gateway, and with it all of TLS, at each start: 12 ms of CPU. Nobody pushes. */
const withoutPushgateway: Plugin = {
  name: 'without pushgateway',
  setup: ({ onLoad }) => onLoad({ filter: /\/prom-client\/lib\/pushgateway\.js$/ }, () => ({ contents: '' })),
};

/** What a bundle begins with. `"use strict"` holds for all of it, as it does for the modules that it is made of. */
function refuseOldNode(name: string): string {
  const refusal = `"${name}: needs Node ${oldestNode} or later, this is "+process.version+" ("+process.execPath+")"`;
  return `"use strict";if(parseInt(process.versions.node)<${oldestNode}){console.error(${refusal});process.exit(2)}`;
}
