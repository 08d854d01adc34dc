import { describe, expect, it } from 'vitest';
import { goldenFile, helped, kustomizations } from './kustomizations.ts';
import { goldenPods } from './manifests.ts';
import { review } from './review.ts';

describe('pod-review finds nothing', () => {
  it('in the manifest files', () => {
    expect(review('k8s').findings).toEqual([]);
  });

  it.each([...kustomizations, ...helped])('in the rendered manifests: %s', (folder) => {
    const { pods, findings } = review(goldenFile(folder));
    expect(findings).toEqual([]);
    expect(pods.map(({ kind, name, verdict }) => ({ kind, name, verdict }))).toEqual(
      goldenPods(folder).map(({ kind, name }) => ({ kind, name, verdict: 'fine' })),
    );
  });
});
