import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planRelease } from './plan.ts';
import { readTree, type Tree } from './tree.ts';

/**
 * node scripts/release/release.ts VERSION
 *
 * Makes the commit and the annotated tag of a release in this checkout, and prints how to publish them. It pushes
 * nothing, so the release can be undone.
 */
const root = join(import.meta.dirname, '../..');
const [version = ''] = process.argv.slice(2);
const tag = `v${version}`;

const branch = git('branch', '--show-current');
if (branch === '') refuse('HEAD is detached: check out the branch to release from');
const changes = git('status', '--porcelain')
  .split('\n')
  .filter((line) => line !== '');
if (changes.length > 0) refuse(`the tree is not clean: commit or stash first\n${changes.join('\n')}`);
const plan = planRelease(readTree(root), {
  version,
  date: new Date().toISOString().slice(0, 10),
  tags: git('tag', '--list', 'v*').split('\n'),
});
if (plan.fault !== undefined) refuse(plan.fault);

make(plan.changed);
console.log(
  [
    `${version} is committed and tagged ${tag}, in this checkout only (${plan.changed.size} files changed)`,
    `look at it:    git show ${tag}`,
    `publish it:    git push --atomic origin ${branch} ${tag}`,
    `take it back:  git tag --delete ${tag} && git reset --hard ${git('rev-parse', '--short', 'HEAD~1')}`,
  ].join('\n'),
);

function make(changed: Tree): void {
  const head = git('rev-parse', 'HEAD');
  try {
    for (const [file, text] of changed) writeFileSync(join(root, file), text);
    git('commit', '--quiet', '--all', '--message', `Release ${version}`);
    git('tag', '--annotate', '--message', `pod-patterns ${version}`, tag);
  } catch (error) {
    // the tree was clean, so only this attempt is lost
    git('reset', '--quiet', '--hard', head);
    refuse(error instanceof Error ? error.message.trim() : String(error));
  }
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trimEnd();
}

function refuse(fault: string): never {
  console.error(`release: ${fault}`);
  process.exit(2);
}
