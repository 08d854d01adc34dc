import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { expect, it } from 'vitest';
import { FakePrograms } from '../make/fake-programs.ts';

/** A cluster that only knows whether a namespace exists. */
const kubectl = `
case "$*" in
  'config current-context') echo production ;;
  *'config view'*) echo 'kind: Config' ;;
  *'get namespace'*) echo "$THERE" ;;
esac`;

/** Starts the program with a kubectl that only records its arguments. */
function e2e(env: Readonly<Record<string, string>>) {
  using dir = tempDir();
  const programs = new FakePrograms(dir.path, { kubectl });
  const { CONTEXT: _, YES: __, CHECK: ___, ...rest } = process.env;
  const program = join(import.meta.dirname, 'e2e.ts');
  const ran = spawnSync(process.execPath, [program], {
    encoding: 'utf8',
    env: { ...rest, PATH: programs.path, THERE: '', ...env },
  });
  const changes = programs.calls.filter((call) => !/ config | get /.test(call));
  return { status: ran.status, said: ran.stderr, changes };
}

it.each([
  [
    "kubectl's current context unasked",
    {},
    /^make e2e: .*"production" unasked: give CONTEXT=production, or YES=1\n$/,
  ],
  ['an unknown check', { CHECK: 'no such' }, /^make e2e: CHECK="no such": .*\n {2}start order\n/s],
  [
    'a cluster in which a namespace exists already',
    { CONTEXT: 'staging', THERE: 'namespace/pod-patterns' },
    /^make e2e: namespaces exist already, and would be deleted: namespace\/pod-patterns\n$/,
  ],
])('refuses %s, and changes nothing', (_, env, said) => {
  const ran = e2e(env);
  expect({ ...ran, said: ran.said.replace(/^\(node.*\n/gm, '') }).toEqual({
    status: 2,
    said: expect.stringMatching(said),
    changes: [],
  });
});
