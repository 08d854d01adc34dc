import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

const oldestNode = 24;

/** Optional dependencies of dependencies: an installation may lack them, which must not change a bundle. */
export const mayBeMissing = ['unix-dgram', 'supports-color'];

/** Bundles a program into one runnable file, `<name>.js`; both paths start at the root. */
export async function bundle(root: string, entry: string, outfile: string): Promise<Metafile> {
  const settings: BuildOptions & { metafile: true } = {
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    external: mayBeMissing,
    // a Dockerfile builds without tsconfig.json: its settings must not change the bundle
    tsconfigRaw: {},
    platform: 'node',
    // an older Node can parse this syntax, and so can say that it is too old
    target: 'node18',
    // CommonJS starts faster: an import of a Node module evaluates all its exports; node:http has a getter that loads
    // all of fetch
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
    // function names stay, so stack traces from production are readable
    plugins: [later(settings, inputs), withAssets, withoutPushgateway],
  });
  return { ...metafile, inputs: { ...metafile.inputs, ...inputs } };
}

/**
 * A package that is imported only when needed, by `await import(…)`, is text until then: otherwise V8 parses all of it
 * at each start, which takes 5 ms for a YAML parser. `inputs` collects its source files.
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

/** Replaces each `readAsset('file')` of an `assets.ts` by the text of the file: a bundle is one file. */
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

/** prom-client loads its push gateway client, and with it all of TLS, at each start: 12 ms of CPU. No program pushes. */
const withoutPushgateway: Plugin = {
  name: 'without pushgateway',
  setup: ({ onLoad }) => onLoad({ filter: /\/prom-client\/lib\/pushgateway\.js$/ }, () => ({ contents: '' })),
};

/** The beginning of a bundle. `"use strict"` applies to all of it, as to the modules in it. */
function refuseOldNode(name: string): string {
  const refusal = `"${name}: needs Node ${oldestNode} or later, this is "+process.version+" ("+process.execPath+")"`;
  return `"use strict";if(parseInt(process.versions.node)<${oldestNode}){console.error(${refusal});process.exit(2)}`;
}
