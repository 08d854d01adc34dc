import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Permissions, workflowFaults } from './workflow-faults.ts';

const root = join(import.meta.dirname, '../..');
const files = globSync('.github/workflows/*.{yml,yaml}', { cwd: root });
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** Permissions of each job. A wider one needs a line here, and a reason in the review. */
const granted: Readonly<Record<string, Readonly<Record<string, Permissions>>>> = {
  'ci.yml': { test: { contents: 'read' }, 'release-build': { contents: 'read' } },
  'e2e.yml': { kind: { contents: 'read' } },
  'release.yml': {
    build: { contents: 'read', packages: 'write' },
    sign: { packages: 'write', 'id-token': 'write' },
    publish: { contents: 'write' },
  },
};

it('each workflow is in the table', () => {
  expect(files.map((file) => basename(file)).sort()).toEqual(Object.keys(granted).sort());
});

it.each(files)(
  '%s pins each action, grants each job the least permissions, and has no expression in a script',
  (file) => {
    expect(workflowFaults(read(file), granted[basename(file)] ?? {})).toEqual([]);
  },
);

it('an action has one commit, and a commit one version, in all workflows', () => {
  const uses = files.flatMap((file) => [...read(file).matchAll(/uses: (\S+)@(\S+) # (\S+)/g)]);
  expect(uses.length).toBeGreaterThan(0);
  const versions = new Set(uses.map(([, action, commit, version]) => `${action} ${commit} ${version}`));
  expect(versions.size).toBe(new Set(uses.map(([, action]) => action)).size);
});

describe('a workflow is refused', () => {
  const commit = 'a'.repeat(40);
  const expression = ['$', '{{ github.ref_name }}'].join('');
  const workflow = ({
    on = 'push',
    top = '{}',
    job = 'permissions: { contents: read }',
    step = 'run: make',
  }) => `on: { ${on}: {} }\npermissions: ${top}\njobs:\n  test:\n    ${job}\n    steps:\n      - ${step}\n`;

  it.each([
    ['for a tag in place of a commit', { step: 'uses: a/b@v5 # v5.0.0' }, 'a/b@v5 is not pinned'],
    ['for a workflow by branch', { job: 'uses: a/b/.github/workflows/c.yml@main # v1.0.0' }, 'is not pinned'],
    ['for a short commit', { step: 'uses: a/b@aaaaaaa # v5.0.0' }, 'a/b@aaaaaaa is not pinned'],
    ['for an image by tag', { step: 'uses: docker://busybox:1.36 # v1.36.0' }, 'is not pinned'],
    ['for a commit without a version', { step: `uses: a/b@${commit}` }, 'no version beside'],
    ['for a commit with half a version', { step: `uses: a/b@${commit} # v5` }, 'no version beside'],
    ['for permissions of all jobs', { top: '{ contents: read }' }, 'the workflow has permissions'],
    ['for the default permissions', { top: '' }, 'the workflow has permissions'],
    ['for a job without permissions', { job: 'timeout-minutes: 5' }, 'test: has no permissions'],
    ['for a wider permission', { job: 'permissions: { contents: write }' }, 'test: may write contents'],
    ['for one more permission', { job: 'permissions: { id-token: write }' }, 'test: may write id-token'],
    ['for every permission', { job: 'permissions: write-all' }, 'test: permissions: write-all'],
    ['for an expression in a script', { step: `run: echo ${expression}` }, 'an expression in a script'],
    [
      'for a checkout that keeps its token',
      { step: `uses: actions/checkout@${commit} # v7.0.1` },
      'checkout leaves',
    ],
    ['for secrets beside foreign code', { on: 'pull_request_target' }, 'runs on pull_request_target'],
  ])('%s', (_, parts, fault) => {
    expect(workflowFaults(workflow(parts), { test: { contents: 'read' } })).toContainEqual(
      expect.stringContaining(fault),
    );
  });

  it('for a job that is not in the table', () => {
    expect(workflowFaults(workflow({}), {})).toEqual(['test: is not in the table of permissions']);
  });

  it('for nothing else', () => {
    const step = `uses: a/b@${commit} # v5.0.0`;
    expect(workflowFaults(workflow({ step }), { test: { contents: 'read' } })).toEqual([]);
  });
});
