import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installed, needs } from '@pod-patterns/kit/testing/needs';
import { describe, expect, it } from 'vitest';
import { programs } from '../../scripts/packages.ts';

const root = join(import.meta.dirname, '../..');
const make = installed('make');

function run(command: string, args: readonly string[]) {
  // no engine and no registry: the fault must come before any work
  const env = {
    ...process.env,
    DOCKER_HOST: 'unix:///no/such/socket',
    npm_config_registry: 'http://127.0.0.1:9',
  };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', env });
  return { status, stdout, stderr };
}

describe('an unknown value of a make variable', needs(make), () => {
  it.each([
    ['bench BENCH=nope', 'BENCH="nope": expected one of log-shipper, pod, pod-review, '],
    ['bench BENCH=', 'BENCH="": expected one of log-shipper, '],
    ['copy', 'PACKAGE="": expected one of log-shipper, pod-page, pod-review, '],
    ['copy PACKAGE=kit', 'PACKAGE="kit": expected one of log-shipper, '],
    ['up POD=nope', 'POD="nope": expected one of compose, processes'],
    ['down POD=nope', 'POD="nope": expected one of compose, processes'],
    ['logs POD=nope', 'POD="nope": expected one of compose, processes'],
    ['deploy OVERLAY=nope', 'OVERLAY="nope": expected one of kind, kind-cluster, kind-sentinel, production'],
    [
      'undeploy OVERLAY=nope',
      'OVERLAY="nope": expected one of kind, kind-cluster, kind-sentinel, production',
    ],
  ])('ends make %s with one line before anything is installed or built', (args, fault) => {
    const ran = run(make.path, args.split(' '));
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr.split('\n')).toEqual([expect.stringContaining(` *** ${fault}`), '']);
  });

  it('does not affect other targets', () => {
    expect(run(make.path, ['help', 'BENCH=nope', 'POD=nope'])).toMatchObject({ status: 0, stderr: '' });
  });
});

it('the bundler names the programs if it gets an unknown one, and builds none', () => {
  expect(run(process.execPath, ['scripts/build.ts', 'web', 'nope'])).toEqual({
    status: 2,
    stdout: '',
    stderr: `build: "nope": expected one of ${programs.join(', ')}\n`,
  });
});
