import { asRecord } from '../record.ts';
import type { KubernetesVersion } from '../strict/api/versions.ts';
import type { KubernetesObject } from '../strict/read-object.ts';
import type { Pod } from './pod.ts';

/** Everything that is reviewed together, so that one can look across documents. */
export class Input<Known extends Pod = Pod> {
  readonly version: KubernetesVersion;
  readonly objects: readonly KubernetesObject[];
  readonly pods: readonly Known[];
  readonly #byKind: ReadonlyMap<string, readonly KubernetesObject[]>;
  readonly #byKindAndName: ReadonlyMap<string, readonly KubernetesObject[]>;
  readonly #servicesByLabel: ReadonlyMap<string, readonly KubernetesObject[]>;
  readonly #servicesOfPod = new Map<Pod, readonly KubernetesObject[]>();
  readonly #podsByLabel: ReadonlyMap<string, readonly Known[]>;

  constructor({ version, objects, pods }: Pick<Input<Known>, 'version' | 'objects' | 'pods'>) {
    this.version = version;
    this.objects = objects;
    this.pods = pods;
    this.#byKind = Map.groupBy(objects, ({ kind }) => kind);
    this.#byKindAndName = Map.groupBy(objects, ({ kind, name }) => `${kind}/${name}`);
    this.#podsByLabel = groupByEach(pods, ({ labels }) => labelsOf(labels));
    this.#servicesByLabel = Map.groupBy(
      this.ofKind('Service'),
      (service) => this.#rarestLabel(service) ?? '',
    );
  }

  /** The label of a Service's selector that the fewest pods have: all it leads to have it. None without a selector. */
  #rarestLabel(service: KubernetesObject): string | undefined {
    const count = (label: string) => this.#podsByLabel.get(label)?.length ?? 0;
    return labelsOf(selectorOf(service)).sort((a, b) => count(a) - count(b))[0];
  }

  ofKind(kind: string): readonly KubernetesObject[] {
    return this.#byKind.get(kind) ?? [];
  }

  /** An object by its kind and name in a pod's namespace, or undefined. */
  find(kind: string, name: string, pod: Pod): KubernetesObject | undefined {
    const named = this.#byKindAndName.get(`${kind}/${name}`) ?? [];
    return named.find((object) => isSameNamespace(object.namespace, pod.object.namespace));
  }

  /** The Services that lead to a pod. */
  servicesOf(pod: Pod): readonly KubernetesObject[] {
    const known = this.#servicesOfPod.get(pod);
    if (known !== undefined) return known;
    const services = labelsOf(pod.labels).flatMap((label) =>
      (this.#servicesByLabel.get(label) ?? []).filter((service) => leadsTo(service, pod)),
    );
    this.#servicesOfPod.set(pod, services);
    return services;
  }

  /** The pods that a Service leads to. */
  podsOf(service: KubernetesObject): Known[] {
    const label = this.#rarestLabel(service);
    return (this.#podsByLabel.get(label ?? '') ?? []).filter((pod) => leadsTo(service, pod));
  }
}

/** A namespace that is not written is whatever the manifest is applied to. */
export function isSameNamespace(a: string | undefined, b: string | undefined): boolean {
  return a === b || a === undefined || b === undefined;
}

function selectorOf({ value }: KubernetesObject): Readonly<Record<string, unknown>> {
  return asRecord(asRecord(value['spec'])['selector']);
}

function leadsTo(service: KubernetesObject, pod: Pod): boolean {
  if (!isSameNamespace(service.namespace, pod.object.namespace)) return false;
  return Object.entries(selectorOf(service)).every(([key, value]) => pod.labels[key] === value);
}

function labelsOf(labels: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
}

function groupByEach<Item>(
  items: readonly Item[],
  keysOf: (item: Item) => readonly string[],
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
}
