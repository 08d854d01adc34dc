import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Installed, installed } from '@pod-patterns/kit/testing/needs';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');

/** Folders that `kubectl apply -k` accepts, without components. */
export const kustomizations: readonly string[] = kustomizationsIn('k8s/**');

/** Workloads of somebody else: `…/workloads` without helpers, the others with components of k8s/helpers. */
export const helped: readonly string[] = kustomizationsIn('tests/manifests/helpers/*');

function kustomizationsIn(folders: string): string[] {
  return globSync(`${folders}/kustomization.yaml`, { cwd: root })
    .filter((file) => parse(readFileSync(join(root, file), 'utf8')).kind === 'Kustomization')
    .map((file) => dirname(file))
    .sort();
}

/** The golden file of a folder: `k8s/overlays/kind` → `golden/overlays-kind.yaml`. */
export function goldenFile(folder: string): string {
  const name = folder.replace(/^(k8s|tests\/manifests)\//, '').replaceAll('/', '-');
  return join(import.meta.dirname, 'golden', `${name}.yaml`);
}

/** Renders kustomizations. */
export const kustomize: Installed = installed('kubectl', ['kubectl', 'kustomize']);

/** Renders a folder as `kubectl apply -k` does. @throws Error with stderr, also for warnings */
export function render(folder: string, checkout: string = root): string {
  const verb = kustomize.path.endsWith('kubectl') ? 'kustomize' : 'build';
  const { status, stdout, stderr } = spawnSync(kustomize.path, [verb, folder], {
    cwd: checkout,
    encoding: 'utf8',
  });
  if (status !== 0 || stderr !== '') throw new Error(`${kustomize.path} ${verb} ${folder}: ${stderr}`);
  return stdout;
}
