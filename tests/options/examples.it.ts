import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { programs } from './programs.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Files that the examples need. */
const manifest =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: nginx}]}\n';
const files: Readonly<Record<string, string>> = {
  'mapping.yaml': 'mappings: []\n',
  'redis-password': 'secret\n',
  'k8s/app/pod.yaml': manifest,
  'k8s/patterns/sidecar/deployment.yaml': manifest,
};

/** A folder in which an example can be run: the programs are on its path, and only check their options. */
function stage() {
  const dir = tempDir();
  mkdirSync(dir.file('bin'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(dir.path, name, '..'), { recursive: true });
    writeFileSync(dir.file(name), text);
  }
  const scripts = programs.map(({ name, takesCommand, operands }) => {
    const bundle = `'${process.execPath}' '${root}/packages/${name}/dist/${name}.js'`;
    // wait-for also checks its targets; pod-review can be run unchanged
    if (operands !== undefined && !takesCommand) return [name, `${bundle} "$@"`] as const;
    return [name, takesCommand ? `${bundle} --check-config "$@"` : `${bundle} "$@" --check-config`] as const;
  });
  for (const [name, line] of [...scripts, ['kubectl', 'cat k8s/app/pod.yaml'] as const]) {
    writeFileSync(dir.file(`bin/${name}`), `#!/bin/sh\n${line}\n`);
    chmodSync(dir.file(`bin/${name}`), 0o755);
  }
  return dir;
}

describe.each(programs.map((program) => [program.name, program] as const))(
  '--help of %s',
  (name, program) => {
    it.each(program.examples?.map(({ command }) => [command] as const) ?? [])(
      'has a command that works: %s',
      async (command) => {
        using dir = stage();
        const env = { ...process.env, PATH: `${dir.path}/bin:${process.env['PATH']}` };
        // a review with findings ends with 1
        const { stdout, code } = await run('sh', ['-c', command], { cwd: dir.path, env }).then(
          (ran) => ({ ...ran, code: 0 }),
          (error: { stdout: string; stderr: string; code: number }) => error,
        );
        if (name === 'pod-review') expect([0, 1]).toContain(code);
        else expect({ stdout, code }).toEqual({ stdout: 'configuration is valid\n', code: 0 });
      },
    );

    it('shows them exactly as they were run', async () => {
      const { stdout } = await run(process.execPath, [
        join(root, `packages/${name}/dist/${name}.js`),
        '--help',
      ]);
      for (const { command } of program.examples ?? []) expect(stdout).toContain(`\n  ${command}\n`);
    });
  },
);
