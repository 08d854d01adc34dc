import { didYouMean } from '@pod-patterns/kit';
import { optional, type Reader, wholeNumber } from '../keys.ts';
import { scheme } from '../scheme.ts';

/** Kinds that are known by a short name. */
export const kubeKinds = ['endpoints', 'job', 'pod', 'deployment', 'statefulset'] as const;

/** One of the short names. */
export type KubeKind = (typeof kubeKinds)[number];

/** A condition as in `status.conditions`. */
export interface Condition {
  readonly type: string;
  readonly status: string;
}

/** An object of the Kubernetes API, or several, and how they must be. */
export interface KubeSpec {
  readonly type: 'k8s';
  /** `object` is any other kind, named by its place in the API. */
  readonly kind: KubeKind | 'object';
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Empty for pods that are chosen by labels. */
  readonly name: string;
  readonly labels: string;
  /** Undefined is the pod's own; empty means that the kind has none. */
  readonly namespace: string | undefined;
  readonly minCount: number | undefined;
  readonly condition: Condition | undefined;
}

interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

const resources: Readonly<Record<KubeKind, Resource>> = {
  endpoints: { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices' },
  job: { group: 'batch', version: 'v1', plural: 'jobs' },
  pod: { group: '', version: 'v1', plural: 'pods' },
  deployment: { group: 'apps', version: 'v1', plural: 'deployments' },
  statefulset: { group: 'apps', version: 'v1', plural: 'statefulsets' },
};

/** Kinds that have a number of ready parts. */
const counted: ReadonlySet<string> = new Set(['endpoints', 'pod', 'deployment', 'statefulset']);

const namespace: Reader<string> = {
  expected: 'the name of a namespace, or nothing for a kind without one',
  read: (text) => (text === '' || /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text) ? text : undefined),
};

const condition: Reader<Condition> = {
  expected: 'a condition such as Ready or Ready=True',
  read: (text) => {
    const match = /^([A-Za-z0-9]([\w./-]*[A-Za-z0-9])?)(?:=(True|False|Unknown))?$/.exec(text);
    return match?.[1] === undefined ? undefined : { type: match[1], status: match[3] ?? 'True' };
  },
};

/** `k8s:KIND/NAME` and its other forms. */
export const k8s = scheme({
  form: 'k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME',
  keys: { ns: optional(namespace), min: optional(wholeNumber(1)), cond: optional(condition) },
  read: (rest, keys) => {
    const named = readObject(rest);
    if (typeof named === 'string') return named;
    if (keys.min !== undefined && !counted.has(named.kind)) return `min is for ${[...counted].join(', ')}`;
    if (keys.min !== undefined && keys.cond !== undefined) return 'min and cond exclude each other';
    if (keys.cond !== undefined && named.kind === 'endpoints') return 'endpoints have no conditions';
    return {
      spec: { type: 'k8s', ...named, namespace: keys.ns, minCount: keys.min, condition: keys.cond },
    };
  },
});

type Named = Pick<KubeSpec, 'kind' | 'group' | 'version' | 'plural' | 'name' | 'labels'>;

function readObject(rest: string): Named | string {
  const [path = '', query] = rest.split('?', 2);
  const parts = path.split('/');
  if (parts.length === 4) {
    if (query !== undefined) return 'takes no query';
    const [group = '', version = '', plural = '', name = ''] = parts;
    return readCustom({ group, version, plural, name });
  }
  const [kind = '', name] = parts;
  if (!isKubeKind(kind)) return unknownKind(kind);
  if (kind === 'pod' && name === undefined && query !== undefined) {
    const labels = /^l=(.+)$/.exec(query)?.[1];
    if (labels === undefined || !isLabels(labels))
      return 'expected ?l= and labels, such as ?l=app=web,tier!=test';
    return { kind, ...resources[kind], name: '', labels };
  }
  if (parts.length !== 2 || name === undefined || query !== undefined) return 'expected KIND/NAME';
  return isObjectName(name)
    ? { kind, ...resources[kind], name, labels: '' }
    : 'the name is not one of Kubernetes';
}

function readCustom({ group, version, plural, name }: Resource & { name: string }): Named | string {
  if (!isObjectName(group)) return 'the group is not one of Kubernetes; that of pods and Services is core';
  if (!/^v\d[a-z0-9]*$/.test(version)) return 'the version is not one of Kubernetes, such as v1';
  if (!/^[a-z][a-z0-9-]*$/.test(plural)) return 'expected the plural in small letters, such as certificates';
  if (!isObjectName(name)) return 'the name is not one of Kubernetes';
  return { kind: 'object', group: group === 'core' ? '' : group, version, plural, name, labels: '' };
}

function unknownKind(kind: string): string {
  return `unknown kind "${kind}"${didYouMean(kind, kubeKinds)}; others are named GROUP/VERSION/PLURAL/NAME`;
}

function isKubeKind(word: string): word is KubeKind {
  return Object.hasOwn(resources, word);
}

function isObjectName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name);
}

/** Equality, inequality, presence and absence; sets in parentheses hold blanks and commas and are left to the API. */
function isLabels(labels: string): boolean {
  return /^[\w./!=, ()-]+$/.test(labels);
}
