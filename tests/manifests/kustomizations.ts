import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { requireBinary } from '@pod-patterns/kit/testing/find-binary';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');

/** Folders below the root that `kubectl apply -k` takes; a component alone is none. */
export const kustomizations: readonly string[] = globSync('k8s/**/kustomization.yaml', { cwd: root })
  .filter((file) => parse(readFileSync(join(root, file), 'utf8')).kind === 'Kustomization')
  .map((file) => dirname(file))
  .sort();

/** Where the render of a folder is kept: `k8s/overlays/kind` → `golden/overlays-kind.yaml`. */
export function goldenFile(folder: string): string {
  return join(import.meta.dirname, 'golden', `${folder.replace(/^k8s\//, '').replaceAll('/', '-')}.yaml`);
}

/** kubectl or kustomize, or undefined; an error where `CI=true`. */
export function kustomizeBinary(): string | undefined {
  return requireBinary('kubectl', 'kustomize');
}

/** Renders a folder as `kubectl apply -k` would. Throws what the program says on stderr, warnings too. */
export function render(binary: string, folder: string): string {
  const verb = binary.endsWith('kubectl') ? 'kustomize' : 'build';
  const { status, stdout, stderr } = spawnSync(binary, [verb, folder], { cwd: root, encoding: 'utf8' });
  if (status !== 0 || stderr !== '') throw new Error(`${binary} ${verb} ${folder}: ${stderr}`);
  return stdout;
}
