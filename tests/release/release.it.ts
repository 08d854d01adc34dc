import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldenFile, helped, kustomizations, kustomize, render } from '../manifests/kustomizations.ts';

const root = join(import.meta.dirname, '../..');
const { version: old }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
// a version that nothing else has
const next = '4107.0.1';
const identity = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@b',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@b',
};
const env = { ...process.env, ...identity, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

/** A repository of its own with the files of this checkout, as they stand. */
const checkout = tempDir();
afterAll(() => checkout[Symbol.dispose]());

function run(command: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: checkout.path, encoding: 'utf8', env });
  return { status, stdout, stderr };
}

function git(...args: readonly string[]): string {
  const { status, stdout, stderr } = run('git', ...args);
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

const release = (version: string) => run(process.execPath, 'scripts/release/release.ts', version);
const state = () => [git('rev-parse', 'HEAD'), git('tag'), git('status', '--porcelain')];

beforeAll(() => {
  const listed = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  const deleted = spawnSync('git', ['ls-files', '-z', '--deleted'], {
    cwd: root,
    encoding: 'utf8',
  }).stdout.split('\0');
  const files = listed.stdout.split('\0').filter((file) => file !== '' && !deleted.includes(file));
  for (const file of files) cpSync(join(root, file), checkout.file(file));
  const changelog = readFileSync(checkout.file('CHANGELOG.md'), 'utf8');
  writeFileSync(
    checkout.file('CHANGELOG.md'),
    changelog.replace('## Unreleased\n', '## Unreleased\n\n- [BUGFIX] An entry.\n'),
  );
  git('init', '--quiet', '--initial-branch=main');
  symlinkSync(join(root, 'node_modules'), checkout.file('node_modules'));
  appendFileSync(checkout.file('.git/info/exclude'), 'node_modules\n');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'as it stands');
});

describe('a release that cannot be', () => {
  it.each([
    ['has no version', '', () => {}, 'release: VERSION "": expected X.Y.Z'],
    ['is no version', 'v1', () => {}, 'release: VERSION "v1": expected X.Y.Z'],
    [
      'has a tag',
      next,
      () => git('tag', `v${next}`),
      `release: VERSION "${next}": the tag v${next} exists`,
      () => git('tag', '--delete', `v${next}`),
    ],
    [
      'has changes that are not committed',
      next,
      () => appendFileSync(checkout.file('README.md'), 'mine\n'),
      'release: the tree is not clean: commit or stash first\n M README.md',
      () => git('checkout', 'README.md'),
    ],
    [
      'has a new file',
      next,
      () => writeFileSync(checkout.file('new.md'), 'mine\n'),
      'release: the tree is not clean: commit or stash first\n?? new.md',
      () => git('clean', '--force', '--quiet'),
    ],
    [
      'has no branch',
      next,
      () => git('checkout', '--quiet', '--detach'),
      'release: HEAD is detached: check out the branch to release from',
      () => git('checkout', '--quiet', 'main'),
    ],
    [
      'git refuses, after all was written',
      next,
      () =>
        writeFileSync(checkout.file('.git/hooks/pre-commit'), '#!/bin/sh\necho no >&2; exit 1\n', {
          mode: 0o755,
        }),
      `release: Command failed: git commit --quiet --all --message Release ${next}\nno`,
      () => writeFileSync(checkout.file('.git/hooks/pre-commit'), '#!/bin/sh\n', { mode: 0o755 }),
    ],
  ])('%s: says why, and changes nothing', (_, version, spoil, fault, mend?: () => unknown) => {
    spoil();
    const before = state();
    expect(release(version)).toEqual({ status: 2, stdout: '', stderr: `${fault}\n` });
    expect(state()).toEqual(before);
    mend?.();
  });
});

describe('make release', () => {
  let before: string;
  beforeAll(() => {
    before = git('rev-parse', '--short', 'HEAD');
  });

  it('commits the version and tags it, and says how to publish it and how to take it back', () => {
    const made = release(next);
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(made.stdout.split('\n')).toEqual([
      expect.stringMatching(
        `^${next} is committed and tagged v${next}, in this checkout only \\(\\d+ files changed\\)$`,
      ),
      `look at it:    git show v${next}`,
      `publish it:    git push --atomic origin main v${next}`,
      `take it back:  git tag --delete v${next} && git reset --hard ${before}`,
      '',
    ]);
    expect(git('status', '--porcelain')).toBe('');
    expect(git('log', '-1', '--format=%s %D')).toBe(`Release ${next} HEAD -> main, tag: v${next}`);
    expect(git('cat-file', '-t', `v${next}`)).toBe('tag');
    expect(git('rev-list', '--count', 'HEAD')).toBe('2');
  });

  it('leaves the old version nowhere', () => {
    const found = run(
      'git',
      'grep',
      '-nIP',
      `(?<![\\d.])${old.replaceAll('.', '\\.')}(?!\\.?\\d)`,
      '--',
      ...[
        ':!CHANGELOG.md',
        // others' versions stand there too; ours are in the forms that the check below knows
        ':!*package.json',
        ':!package-lock.json',
      ],
    );
    expect(found).toEqual({ status: 1, stdout: '', stderr: '' });
  });

  it('leaves a tree that agrees with its tag, and with no other', () => {
    const check = (tag: string) => run(process.execPath, 'scripts/release/check-version.ts', tag);
    expect(check(`v${next}`)).toEqual({ status: 0, stdout: `VERSION=${next}\n`, stderr: '' });
    expect(check(`v${old}`)).toEqual({
      status: 1,
      stdout: '',
      stderr: `tag v${old}: expected v${next}, as in package.json\n`,
    });
    const lockfile: { packages: Record<string, { version?: string }> } = JSON.parse(
      readFileSync(checkout.file('package-lock.json'), 'utf8'),
    );
    expect(lockfile.packages['packages/web']?.version).toBe(next);
  });

  it('leaves what is generated as the generators write it', () => {
    expect(run(process.execPath, 'packages/pod-review/scripts/write-docs.ts')).toMatchObject({ status: 0 });
    expect(run(process.execPath, 'scripts/docs.ts')).toMatchObject({ status: 0 });
    expect(git('status', '--porcelain')).toBe('');
  });

  it.each([...kustomizations, ...helped])('leaves %s as it renders', needs(kustomize), (folder) => {
    const golden = goldenFile(folder).replace(root, checkout.path);
    expect(render(folder, checkout.path)).toBe(readFileSync(golden, 'utf8'));
  });

  it('wants entries in the changelog for the next one', () => {
    const { stderr } = release('4107.1.0');
    expect(stderr).toBe('release: CHANGELOG.md: "## Unreleased": expected the entries of this release\n');
  });
});
