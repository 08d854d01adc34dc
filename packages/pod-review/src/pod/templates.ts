import { asRecord, isRecord } from '../record.ts';
import type { Path } from '../strict/load/position.ts';
import type { KubernetesObject } from '../strict/read-object.ts';

/** Where each kind of Kubernetes holds its pod: the map with its metadata and spec. */
const templates: Readonly<Record<string, Path>> = {
  'v1 Pod': [],
  'v1 PodTemplate': ['template'],
  'v1 ReplicationController': ['spec', 'template'],
  'apps/v1 DaemonSet': ['spec', 'template'],
  'apps/v1 Deployment': ['spec', 'template'],
  'apps/v1 ReplicaSet': ['spec', 'template'],
  'apps/v1 StatefulSet': ['spec', 'template'],
  'batch/v1 CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
  'batch/v1 Job': ['spec', 'template'],
};

/** The paths of the pods in an object; in a custom resource, of all that is shaped like a pod template. */
export function podPaths({ apiVersion, kind, value, isKnown }: KubernetesObject): readonly Path[] {
  const key = `${apiVersion} ${kind}`;
  const path = Object.hasOwn(templates, key) ? templates[key] : undefined;
  if (path !== undefined) return [path];
  return isKnown ? [] : findTemplates(value);
}

/** The value at a path, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (Array.isArray(inner) ? inner[Number(step)] : asRecord(inner)[step]),
    value,
  );
}

/** In the order in which they are written, but for the object itself, whose spec is its own kind's. */
function findTemplates(root: unknown): Path[] {
  const found: Path[] = [];
  const open: { value: unknown; path: Path }[] = [{ value: root, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (path.length > 0 && isTemplate(value)) found.push(path);
    // not spread: a file decides how many there are, and that many arguments may not fit
    else for (const child of children(value, path).reverse()) open.push(child);
  }
  return found;
}

function children(value: unknown, path: Path): { value: unknown; path: Path }[] {
  if (Array.isArray(value))
    return value.map((item: unknown, index) => ({ value: item, path: [...path, index] }));
  if (!isRecord(value)) return [];
  return Object.entries(value)
    .filter(([key]) => path.length > 0 || key !== 'status')
    .map(([key, inner]) => ({ value: inner, path: [...path, key] }));
}

/** `{metadata, spec: {containers: [{name, image}]}}`; an object of another kind has a spec of its own. */
function isTemplate(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value['spec'])) return false;
  const { containers } = value['spec'];
  const isOther = typeof value['kind'] === 'string' && value['kind'] !== 'Pod';
  return !isOther && Array.isArray(containers) && containers.length > 0 && containers.every(isContainer);
}

function isContainer(value: unknown): boolean {
  return isRecord(value) && (typeof value['name'] === 'string' || typeof value['image'] === 'string');
}
