import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { expect, it } from 'vitest';
import { FakePrograms } from '../make/fake-programs.ts';

const root = join(import.meta.dirname, '../..');
const kubectl = `
if [ "$1 $2" = 'config current-context' ]; then
  if [ -z "$CURRENT" ]; then echo 'error: current-context is not set' >&2; exit 1; fi
  echo "$CURRENT"
fi`;

/** Runs `make` with fake cluster programs that only record their calls; with `answer`, on a terminal. */
function make(
  args: readonly string[],
  { current = 'production', answer }: { current?: string; answer?: string },
) {
  using dir = tempDir();
  const docker = `echo '{"target":{"web":{"tags":["pod-patterns/web:1"]}}}'`;
  const programs = new FakePrograms(dir.path, { kubectl, docker, kind: 'echo other' });
  const command = ['make', '--assume-old=node_modules/.package-lock.json', ...args];
  const { CONTEXT: _, YES: __, ...rest } = process.env;
  const options = {
    cwd: root,
    encoding: 'utf8',
    env: { ...rest, PATH: programs.path, CURRENT: current },
  } as const;
  const [program = '', ...all] =
    answer === undefined
      ? command
      : ['script', '--quiet', '--return', '--command', command.join(' '), '/dev/null'];
  const ran = spawnSync(program, all, { ...options, input: answer ?? '' });
  const calls = programs.calls.filter((call) => !call.includes('config current-context'));
  return { status: ran.status, output: ran.stdout + ran.stderr, calls };
}

const applied = (context: string, overlay = 'kind') => [
  `kubectl --context ${context} apply -k k8s/overlays/${overlay}`,
  `kubectl --context ${context} --namespace pod-patterns rollout status deployment/web --timeout 180s`,
];
const deleted = (context: string, overlay = 'kind') => [
  `kubectl --context ${context} delete -k k8s/overlays/${overlay} --ignore-not-found`,
];

it.each([
  [['deploy', 'CONTEXT=staging'], applied('staging')],
  [['deploy', 'YES=1'], applied('production')],
  [['deploy', 'CONTEXT=staging', 'OVERLAY=production'], applied('staging', 'production')],
  [['undeploy', 'CONTEXT=staging'], deleted('staging')],
  [['undeploy', 'YES=1', 'OVERLAY=production'], deleted('production', 'production')],
])('make %j asks no question, and every call names the context', (args, calls) => {
  expect(make(args, {})).toMatchObject({ status: 0, calls });
});

it.each(['deploy', 'undeploy'])(
  'make %s without a terminal refuses the current context, in one line',
  (verb) => {
    const { status, output, calls } = make([verb], {});
    expect({ status, calls }).toEqual({ status: 2, calls: [] });
    const [line, ...others] = output
      .split('\n')
      .filter((text) => text !== '' && !text.startsWith('make: ***'));
    expect(line).toMatch(new RegExp(`^make ${verb}: .*"production".*CONTEXT=production.*YES=1`));
    expect(others).toEqual([]);
  },
);

it.each([
  ['deploy', 'y', applied('production')],
  ['deploy', 'YES', applied('production')],
  ['deploy', 'n', []],
  ['deploy', '', []],
  ['undeploy', 'y', deleted('production')],
  ['undeploy', 'yesterday', []],
])('make %s on a terminal names the current context and asks: %j', (verb, answer, calls) => {
  const ran = make([verb], { answer: `${answer}\n` });
  expect(ran.output).toContain('k8s/overlays/kind');
  expect(ran.output).toMatch(/the kubectl context "production"\? \[y\/N\]/);
  expect(ran.calls).toEqual(calls);
  expect(ran.status === 0).toBe(calls.length > 0);
});

it.each(['deploy', 'undeploy'])('make %s without a current context says how to name one', (verb) => {
  const { status, output, calls } = make([verb, 'YES=1'], { current: '' });
  expect({ status, calls }).toEqual({ status: 2, calls: [] });
  expect(output).toContain(`make ${verb}: kubectl has no current context: name one with CONTEXT=`);
});

it('make kind changes its own cluster only, whatever the current context is', () => {
  const { status, calls } = make(['kind'], {});
  expect(status).toBe(0);
  expect(calls.filter((call) => call.startsWith('kind'))).toEqual([
    'kind get clusters',
    'kind create cluster --name pod-patterns',
    'kind load docker-image --name pod-patterns pod-patterns/web:1',
  ]);
  expect(calls.filter((call) => call.startsWith('kubectl'))).toEqual(applied('kind-pod-patterns'));
});
