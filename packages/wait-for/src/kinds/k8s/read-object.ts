import { didYouMean } from '@pod-patterns/kit';
import { type KubeKind, type KubeSpec, kubeKinds } from './spec.ts';

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

/** An object, or several, as it is named. */
export type Named = Pick<KubeSpec, 'kind' | 'group' | 'version' | 'plural' | 'name' | 'labels'>;

/** Reads the part after the colon; a string describes the fault. */
export function readObject(rest: string): Named | string {
  if (rest.includes('@')) return 'must not contain a user or password';
  const [path = '', query] = rest.split('?', 2);
  const parts = path.split('/');
  if (parts.length === 4) {
    if (query !== undefined) return 'must not contain a query';
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
    : 'the name is not a valid Kubernetes name';
}

function readCustom({ group, version, plural, name }: Resource & { name: string }): Named | string {
  if (!isObjectName(group)) return 'the group is not a valid API group; pods and Services are in core';
  if (!/^v\d[a-z0-9]*$/.test(version)) return 'the version is not an API version such as v1';
  if (!/^[a-z][a-z0-9-]*$/.test(plural)) return 'expected the plural in lower case, such as certificates';
  if (!isObjectName(name)) return 'the name is not a valid Kubernetes name';
  return { kind: 'object', group: group === 'core' ? '' : group, version, plural, name, labels: '' };
}

function unknownKind(kind: string): string {
  // anything else may be a piece of a secret
  const named = /^[\w.-]+$/.test(kind) ? ` "${kind}"` : '';
  return `unknown kind${named}${didYouMean(kind, kubeKinds)}; write other kinds as GROUP/VERSION/PLURAL/NAME`;
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
