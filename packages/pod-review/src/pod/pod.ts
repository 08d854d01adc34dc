import type { IPodSpec, IVolume } from '../../types/kubernetes.ts';
import { asRecord } from '../record.ts';
import { decode } from '../strict/api/decode.ts';
import type { KubernetesVersion } from '../strict/api/versions.ts';
import type { Path, Position } from '../strict/load/position.ts';
import type { KubernetesObject } from '../strict/read-object.ts';
import { type Container, containersOf } from './container.ts';
import { podPaths, valueAt } from './templates.ts';

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

/** The pods that an object describes, as far as it describes any. */
export function readPods(object: KubernetesObject, version: KubernetesVersion): Pod[] {
  const paths = podPaths(object);
  return paths.map((path) => ({
    ...readPod(object, path, version),
    // of several, each has a place of its own
    position: object.source.position(paths.length > 1 ? path : []),
  }));
}

function readPod(object: KubernetesObject, path: Path, version: KubernetesVersion): Omit<Pod, 'position'> {
  const written = valueAt(object.value, path);
  const template = object.isKnown ? asRecord(written) : leniently(written, version);
  const specPath = [...path, 'spec'];
  // `decode` gave it the shape of a PodSpec; only the list of containers may be lacking altogether
  const spec = { containers: [], ...asRecord(template['spec']) } as IPodSpec;
  const metadata = asRecord(template['metadata']);
  const replicas = valueAt(object.value, [...path.slice(0, -1), 'replicas']);
  return {
    object,
    id: `${object.kind}/${object.name}`,
    spec,
    specPath,
    labels: texts(metadata['labels']),
    annotations: {
      ...texts(asRecord(object.value['metadata'])['annotations']),
      ...texts(metadata['annotations']),
    },
    containers: containersOf(spec, specPath),
    replicas: typeof replicas === 'number' ? replicas : 1,
    isJob: object.kind === 'Job' || object.kind === 'CronJob',
  };
}

/** A template in a custom resource: its fields are its own controller's business, and names may be left to it. */
function leniently(written: unknown, version: KubernetesVersion): Readonly<Record<string, unknown>> {
  const named = (value: unknown, list: string): unknown =>
    Array.isArray(value)
      ? value.map((one: unknown, index) => ({ name: `${list}[${index}]`, ...asRecord(one) }))
      : value;
  const { spec, ...rest } = asRecord(written);
  const { containers, initContainers, ...others } = asRecord(spec);
  const whole = {
    ...rest,
    spec: {
      ...others,
      containers: named(containers, 'containers'),
      initContainers: named(initContainers, 'initContainers'),
    },
  };
  return asRecord(decode(whole, 'CoreV1PodTemplateSpec', [], { version, report: () => {} }));
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
