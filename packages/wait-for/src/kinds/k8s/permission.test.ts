import { expect, it } from 'vitest';
import { targetOf } from '../../../testing/attempt.ts';
import { accountOf, permissionFor } from './permission.ts';
import type { KubeSpec } from './spec.ts';

const specOf = (line: string) => targetOf(line).spec as KubeSpec; // all lines here are of k8s:
const account = { namespace: 'web', name: 'app' };

it.each([
  [
    'k8s:endpoints/redis',
    { verb: 'list', group: 'discovery.k8s.io', resource: 'endpointslices', name: undefined },
  ],
  ['k8s:pod?l=app=web', { verb: 'list', group: '', resource: 'pods', name: undefined }],
  ['k8s:pod/web-0', { verb: 'get', group: '', resource: 'pods', name: 'web-0' }],
  ['k8s:job/migrate', { verb: 'get', group: 'batch', resource: 'jobs', name: 'migrate' }],
  ['k8s:deployment/api', { verb: 'get', group: 'apps', resource: 'deployments', name: 'api' }],
  ['k8s:statefulset/db', { verb: 'get', group: 'apps', resource: 'statefulsets', name: 'db' }],
  ['k8s:a.io/v1/things/x', { verb: 'get', group: 'a.io', resource: 'things', name: 'x' }],
])('%s needs %j', (line, permission) => {
  expect(permissionFor(specOf(line), 'shop', account)).toEqual({ ...permission, namespace: 'shop', account });
});

it('needs no namespace for a cluster-scoped kind', () => {
  expect(permissionFor(specOf('k8s:core/v1/nodes/n1 ns='), '', account)).toMatchObject({
    namespace: undefined,
  });
});

it.each([
  [{ sub: 'system:serviceaccount:shop:web' }, { namespace: 'shop', name: 'web' }],
  [{ sub: 'system:serviceaccount:shop:web\nkind: Secret' }, undefined],
  [{ sub: 'someone' }, undefined],
  [[], undefined],
])('the account of a token with %j is %j', (payload, expected) => {
  const token = `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.sig`;
  expect(accountOf(token)).toEqual(expected);
});

it.each(['', 'opaque', 'a.b.c', 'a.bnVsbA.c'])('the token %j has no account', (token) => {
  expect(accountOf(token)).toBeUndefined();
});
