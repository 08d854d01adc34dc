import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { IContainer, IPodSpec } from '../../packages/pod-review/src/pod/types.ts';
import { goldenFile, render } from './kustomizations.ts';

/** The fields of a Kubernetes object that these tests read. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // the test that reads it knows its type
  readonly spec?: unknown;
  /** Plain text in a ConfigMap, base64 in a Secret. */
  readonly data?: Readonly<Record<string, string>>;
}

/** A pod as a workload describes it, with the objects that it refers to by name. */
export interface PodManifest {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** Labels of the pod, which Services and NetworkPolicies select. */
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: IPodSpec;
  readonly objects: readonly KubernetesObject[];
}

/** The objects of a folder, from its golden file; a folder without one is rendered. */
export function goldenObjects(folder: string): readonly KubernetesObject[] {
  const isKept = folder.startsWith('k8s/');
  const text = isKept ? readFileSync(goldenFile(folder), 'utf8') : render(folder);
  return parseAllDocuments(text).map((document) => document.toJS());
}

interface WorkloadSpec {
  /** In a CronJob the pod template is one level deeper. */
  readonly jobTemplate?: { readonly spec: WorkloadSpec };
  readonly template?: {
    readonly metadata: Pick<KubernetesObject['metadata'], 'labels'>;
    readonly spec: IPodSpec;
  };
  readonly containers?: unknown;
  readonly volumeClaimTemplates?: ReadonlyArray<{ readonly metadata: { readonly name: string } }>;
}

/** Every pod of a folder; the volume claims of a StatefulSet become empty volumes. */
export function goldenPods(folder: string): readonly PodManifest[] {
  const objects = goldenObjects(folder);
  return objects.flatMap(({ kind, metadata, spec }) => {
    // pods and their templates are the only specs with containers; pod-review checks their form
    const written = spec as WorkloadSpec | undefined;
    const outer = written?.jobTemplate?.spec ?? written;
    const inner = outer?.template?.spec ?? (outer?.containers === undefined ? undefined : (spec as IPodSpec));
    if (inner === undefined) return [];
    const claims = (outer?.volumeClaimTemplates ?? []).map((claim) => ({
      name: claim.metadata.name,
      emptyDir: {},
    }));
    const pod: IPodSpec = { ...inner, volumes: [...(inner.volumes ?? []), ...claims] };
    const { name, namespace = 'default' } = metadata;
    const { labels = {} } = outer?.template?.metadata ?? metadata;
    return [{ kind, name, namespace, labels, spec: pod, objects }];
  });
}

/** One pod of a folder, by the name of its workload. */
export function goldenPod(folder: string, name: string): PodManifest {
  const pod = goldenPods(folder).find((candidate) => candidate.name === name);
  if (pod === undefined) throw new Error(`${folder} has no workload ${name}`);
  return pod;
}

/** The containers in the order of their start, each with its kind. */
export function containersOf({
  spec,
}: PodManifest): ReadonlyArray<{ container: IContainer; isSidecar: boolean; isInit: boolean }> {
  const inits = (spec.initContainers ?? []).map((container) => {
    const isSidecar = container.restartPolicy === 'Always';
    return { container, isSidecar, isInit: !isSidecar };
  });
  return [...inits, ...spec.containers.map((container) => ({ container, isSidecar: false, isInit: false }))];
}

/** The decoded data of a ConfigMap or a Secret of the same folder. */
export function dataOf(
  { objects, name: pod }: PodManifest,
  kind: 'ConfigMap' | 'Secret',
  name: string,
): Map<string, string> {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`${pod} refers to ${kind} ${name}, which is not there`);
  const decode = (text: string) => (kind === 'Secret' ? Buffer.from(text, 'base64').toString() : text);
  return new Map(Object.entries(found.data ?? {}).map(([key, text]) => [key, decode(text)]));
}

/** A Secret as `kubectl create secret generic` creates it. */
export function secretOf(name: string, data: Readonly<Record<string, string>>): KubernetesObject {
  const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data: Object.fromEntries(encoded) };
}

/** Values of the downward API for a pod. */
export type Identity = Readonly<Record<string, string>>;

/** The environment of a container, with ConfigMaps, Secrets and the downward API filled in. */
export function environmentOf(
  pod: PodManifest,
  container: IContainer,
  identity: Identity,
): Map<string, string> {
  const environment = new Map<string, string>();
  for (const { configMapRef } of container.envFrom ?? []) {
    for (const [key, text] of dataOf(pod, 'ConfigMap', configMapRef?.name ?? '')) environment.set(key, text);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const field = valueFrom?.fieldRef?.fieldPath;
    environment.set(name, field === undefined ? (value ?? '') : (identity[field] ?? ''));
  }
  return environment;
}
