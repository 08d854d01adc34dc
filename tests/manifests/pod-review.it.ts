import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goldenFile, kustomizations } from './kustomizations.ts';
import { goldenPods } from './manifests.ts';

const root = join(import.meta.dirname, '../..');

interface Review {
  readonly pods: ReadonlyArray<{ readonly name: string; readonly kind: string; readonly verdict: string }>;
  readonly findings: readonly unknown[];
}

/** What pod-review, the one checker of manifests, finds. Throws when it ends with other than 0. */
function review(...paths: readonly string[]): Review {
  const args = [
    'packages/pod-review/src/main.ts',
    '--format=json',
    '--severity=info',
    '--fail-on=info',
    ...paths,
  ];
  try {
    return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }));
  } catch (error) {
    // with findings it ends with 1: they say more than the exit code
    const { stdout } = error as { readonly stdout?: string };
    if (stdout?.startsWith('{')) return JSON.parse(stdout);
    throw error;
  }
}

describe('pod-review finds nothing', () => {
  it('in the manifests as they are written', () => {
    expect(review('k8s').findings).toEqual([]);
  });

  it.each(kustomizations)('in what is applied: %s', (folder) => {
    const { pods, findings } = review(goldenFile(folder));
    expect(findings).toEqual([]);
    expect(pods.map(({ kind, name, verdict }) => ({ kind, name, verdict }))).toEqual(
      goldenPods(folder).map(({ kind, name }) => ({ kind, name, verdict: 'fine' })),
    );
  });
});
