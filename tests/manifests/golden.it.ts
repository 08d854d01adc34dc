import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '@pod-patterns/kit/testing/needs';
import { describe, expect, it } from 'vitest';
import { goldenFile, helped, kustomizations, kustomize, render } from './kustomizations.ts';

/** `UPDATE_GOLDEN=1 npm run integration -- tests/manifests` updates the golden files. */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

const all = [...kustomizations, ...helped];

describe('each kustomization renders to its golden file', needs(kustomize), () => {
  it.each(all)('%s', (folder) => {
    const rendered = render(folder);
    if (isUpdate) writeFileSync(goldenFile(folder), rendered);
    expect(existsSync(goldenFile(folder)), 'UPDATE_GOLDEN=1 writes it').toBe(true);
    expect(rendered).toBe(readFileSync(goldenFile(folder), 'utf8'));
  });
});

it('has no golden file without a kustomization', () => {
  const files = globSync('golden/*.yaml', { cwd: import.meta.dirname });
  const known = all.map(goldenFile);
  const left = files.map((file) => join(import.meta.dirname, file)).filter((file) => !known.includes(file));
  if (isUpdate) for (const file of left) rmSync(file);
  else expect(left).toEqual([]);
});
