import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { targetOf } from '../../../testing/attempt.ts';
import { accountOf, permissionFor, roleFor } from './role.ts';
import type { KubeSpec } from './spec.ts';

const specOf = (line: string) => targetOf(line).spec as KubeSpec; // all lines here are of k8s:

it.each([
  [
    'k8s:endpoints/redis',
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
  ],
  ['k8s:pod?l=app=web', { apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
  ['k8s:pod/web-0', { apiGroups: [''], resources: ['pods'], verbs: ['get'], resourceNames: ['web-0'] }],
  [
    'k8s:job/migrate',
    { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get'], resourceNames: ['migrate'] },
  ],
  [
    'k8s:deployment/api',
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'], resourceNames: ['api'] },
  ],
  [
    'k8s:statefulset/db',
    { apiGroups: ['apps'], resources: ['statefulsets'], verbs: ['get'], resourceNames: ['db'] },
  ],
  [
    'k8s:a.io/v1/things/x',
    { apiGroups: ['a.io'], resources: ['things'], verbs: ['get'], resourceNames: ['x'] },
  ],
])('%s needs a Role that kubectl can read', (line, rule) => {
  const text = roleFor(permissionFor(specOf(line), 'shop'), { namespace: 'web', name: 'app' });
  const [role, binding] = parseAllDocuments(text.replace(/^.*\n/, '')).map((document) => document.toJS());
  expect(role).toMatchObject({ kind: 'Role', metadata: { namespace: 'shop' }, rules: [rule] });
  expect(binding).toMatchObject({
    kind: 'RoleBinding',
    metadata: { namespace: 'shop' },
    roleRef: { kind: 'Role', name: role.metadata.name },
    subjects: [{ kind: 'ServiceAccount', name: 'app', namespace: 'web' }],
  });
});

it('is a ClusterRole for a kind without namespaces', () => {
  const text = roleFor(permissionFor(specOf('k8s:core/v1/nodes/n1 ns='), ''));
  expect(text).toContain('kind: ClusterRole\nmetadata: {name: wait-for-nodes}');
  expect(text).toContain('kind: ClusterRoleBinding');
});

it.each([
  [{ sub: 'system:serviceaccount:shop:web' }, { namespace: 'shop', name: 'web' }],
  [{ sub: 'someone' }, undefined],
  [[], undefined],
])('the account of a token with %j is %j', (payload, account) => {
  const token = `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.sig`;
  expect(accountOf(token)).toEqual(account);
});

it.each(['', 'opaque', 'a.b.c', 'a.bnVsbA.c'])('the token %j names no account', (token) => {
  expect(accountOf(token)).toBeUndefined();
});
