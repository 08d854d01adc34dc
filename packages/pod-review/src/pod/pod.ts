import type { IPodSpec, IVolume } from '../../types/kubernetes.ts';
import { asRecord } from '../record.ts';
import type { Path, Position } from '../strict/load/position.ts';
import type { KubernetesObject } from '../strict/read-object.ts';
import { type Container, containersOf } from './container.ts';

/** The pod that an object describes: itself, or its template. */
export interface Pod {
  readonly object: KubernetesObject;
  /** `Deployment/web`. */
  readonly id: string;
  readonly position: Position;
  readonly spec: IPodSpec;
  readonly specPath: Path;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** In the order in which they start. */
  readonly containers: readonly Container[];
  /** How many of it run, as far as the manifest says. */
  readonly replicas: number;
  /** Whether the pod is meant to end by itself. */
  readonly isJob: boolean;
}

/** Where each kind holds its pod spec and that pod's metadata. */
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

/** The path of the pod (the map with its metadata and spec) in an object, or undefined when it holds none. */
export function podPath({ apiVersion, kind }: { apiVersion: string; kind: string }): Path | undefined {
  const key = `${apiVersion} ${kind}`;
  return Object.hasOwn(templates, key) ? templates[key] : undefined;
}

/** The value at a path, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => asRecord(inner)[step], value);
}

/** The pod of an object, or undefined when it holds none. */
export function readPod(object: KubernetesObject): Pod | undefined {
  const path = podPath(object);
  if (path === undefined) return undefined;
  const template = asRecord(valueAt(object.value, path));
  const specPath = [...path, 'spec'];
  const decoded = asRecord(template['spec']);
  // `decode` gave it the shape of a PodSpec; only the list of containers may be lacking altogether
  const spec = { containers: [], ...decoded } as IPodSpec;
  const metadata = asRecord(template['metadata']);
  const annotations = {
    ...texts(asRecord(object.value['metadata'])['annotations']),
    ...texts(metadata['annotations']),
  };
  const replicas = asRecord(object.value['spec'])['replicas'];
  return {
    object,
    id: `${object.kind}/${object.name}`,
    position: object.source.position([]),
    spec,
    specPath,
    labels: texts(metadata['labels']),
    annotations,
    containers: containersOf(spec, specPath),
    replicas: typeof replicas === 'number' ? replicas : 1,
    isJob: object.kind === 'Job' || object.kind === 'CronJob',
  };
}

/** The volumes of a pod by name. */
export function volumesOf({ spec }: Pod): ReadonlyMap<string, IVolume> {
  return new Map((spec.volumes ?? []).map((volume) => [volume.name, volume]));
}

function texts(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(asRecord(value));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
