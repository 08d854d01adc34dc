import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'acorn';
import { describe, expect, it } from 'vitest';
import { bundleOf, programs, root } from './programs.ts';

describe.each(programs)('the bundle of %s', (name) => {
  it('is strict, and has no syntax that is newer than Node 18', () => {
    const source = readFileSync(join(root, bundleOf(name)), 'utf8');
    const program = parse(source, { ecmaVersion: 2022, allowHashBang: true });
    expect(program.body[0]).toMatchObject({ directive: 'use strict' });
  });

  it.each(['18.20.8', '23.11.1'])(
    'under Node %s says in one line that it needs a newer one, and exits 2',
    (version) => {
      const preload = join(root, 'tests/pinned-node/old-node.cjs');
      const ran = spawnSync(process.execPath, ['--require', preload, bundleOf(name), '--version'], {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, OLD_NODE: version },
      });
      expect(ran).toMatchObject({
        status: 2,
        stdout: '',
        stderr: `${name}: needs Node 24 or later, this is v${version} (${process.execPath})\n`,
      });
    },
  );
});
