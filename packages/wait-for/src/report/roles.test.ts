import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Permission } from '../probe/permission.ts';
import { rolesFor } from './roles.ts';

const account = { namespace: 'web', name: 'app' };
const job: Permission = {
  verb: 'get',
  group: 'batch',
  resource: 'jobs',
  name: 'migrate',
  namespace: 'shop',
  account,
};
const slices: Permission = {
  ...job,
  verb: 'list',
  group: 'discovery.k8s.io',
  resource: 'endpointslices',
  name: undefined,
};

interface Document {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: unknown;
  readonly subjects?: unknown;
  readonly roleRef?: { readonly name: string };
}

function applied(...permissions: readonly Permission[]): Document[] {
  const text = rolesFor(permissions);
  expect(text).toMatch(/^To allow it, apply:\n/);
  return parseAllDocuments(text.replace(/^.*\n/, '')).map((document) => document.toJS());
}

const nameOf = (...permissions: readonly Permission[]) => applied(...permissions)[0]?.metadata.name;

describe('the suggested Role', () => {
  it('allows everything that was denied to the account', () => {
    const other = { ...job, name: 'seed' };
    const documents = applied(job, slices, other, job);
    expect(documents).toHaveLength(2);
    const [role, binding] = documents;
    expect(role).toMatchObject({
      kind: 'Role',
      metadata: { namespace: 'shop' },
      rules: [
        { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get'], resourceNames: ['migrate', 'seed'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
      ],
    });
    expect(binding).toMatchObject({
      kind: 'RoleBinding',
      metadata: role?.metadata,
      roleRef: { kind: 'Role', name: role?.metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: 'app', namespace: 'web' }],
    });
  });

  it('names account and verbs', () => {
    expect(nameOf(job)).toMatch(/^wait-for-app-get-[0-9a-f]{8}$/);
    expect(nameOf(slices)).toMatch(/^wait-for-app-list-[0-9a-f]{8}$/);
    expect(nameOf(slices, job)).toMatch(/^wait-for-app-get-list-[0-9a-f]{8}$/);
  });

  it('has the same name for the same rights, whatever their order', () => {
    expect(nameOf(slices, job)).toBe(nameOf(job, slices, job));
  });

  it.each<[string, Permission]>([
    ['another account', { ...job, account: { ...account, name: 'other' } }],
    [
      'an account of the same name in another namespace',
      { ...job, account: { ...account, namespace: 'other' } },
    ],
    ['another object', { ...job, name: 'seed' }],
    ['another kind', { ...job, resource: 'cronjobs' }],
    ['another verb', { ...job, verb: 'list', name: undefined }],
    ['another namespace', { ...job, namespace: 'other' }],
    ['the cluster', { ...job, namespace: undefined }],
  ])('has another name for %s, so that neither replaces the other', (_, other) => {
    expect(nameOf(other)).not.toBe(nameOf(job));
  });

  it('is one for each namespace, and a ClusterRole for cluster-scoped kinds', () => {
    const node: Permission = { ...job, group: '', resource: 'nodes', name: 'n1', namespace: undefined };
    const documents = applied(job, { ...job, namespace: 'other' }, node);
    expect(documents.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['Role', 'shop'],
      ['RoleBinding', 'shop'],
      ['Role', 'other'],
      ['RoleBinding', 'other'],
      ['ClusterRole', undefined],
      ['ClusterRoleBinding', undefined],
    ]);
  });

  it.each(['123', '1e3', 'true', 'null', 'no', '0x1', '1.5'])(
    'is valid YAML if an object is named %s',
    (name) => {
      expect(applied({ ...job, name, namespace: name })).toMatchObject([
        { metadata: { namespace: name }, rules: [{ resourceNames: [name] }] },
        { metadata: { namespace: name } },
      ]);
    },
  );
});
