import { expect } from 'vitest';
import { container, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { serviceAccountTokenUnused } from './service-account-token-unused.ts';

const account = (more: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'web' },
  ...more,
});
const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'b' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
  subjects: [{ kind: 'ServiceAccount', name: 'web' }],
};

testRule(serviceAccountTokenUnused, {
  fires: [
    [
      'a login proxy that does not use it',
      workload({ containers: [web, container('oauth2-proxy', 'quay.io/oauth2-proxy/oauth2-proxy:v7.7.1')] }),
    ],
    ['the default account', workload({ containers: [web] }), { message: expect.stringContaining('default') }],
    [
      'an account without rights',
      [workload({ containers: [web], serviceAccountName: 'web' }), account()],
      { message: expect.stringContaining('ServiceAccount web') },
    ],
    [
      'a pod that mounts the token although its account declines it',
      [
        workload({ containers: [web], serviceAccountName: 'web', automountServiceAccountToken: true }),
        account({ automountServiceAccountToken: false }),
      ],
    ],
  ],
  passes: [
    [
      'OpenShift’s login proxy, which uses it',
      workload({
        containers: [
          web,
          container('oauth-proxy', 'quay.io/openshift/origin-oauth-proxy:4.17', {
            args: ['--openshift-service-account=web', '--upstream=http://localhost:8080'],
          }),
        ],
      }),
    ],
    [
      'a proxy that authorises requests through the API',
      workload({ containers: [web, container('c', 'quay.io/brancz/kube-rbac-proxy:v0.18.0')] }),
    ],
    [
      'a script that runs kubectl',
      workload({
        containers: [container('c', 'example.com/tools:1', { command: ['sh', '-c', 'kubectl get pods'] })],
      }),
    ],
    ['a pod that declines it', workload({ containers: [web], automountServiceAccountToken: false })],
    [
      'an account that declines it',
      [
        workload({ containers: [web], serviceAccountName: 'web' }),
        account({ automountServiceAccountToken: false }),
      ],
    ],
    [
      'an account with rights',
      [workload({ containers: [web], serviceAccountName: 'web' }), account(), binding],
    ],
    ['an account that is not in the input', workload({ containers: [web], serviceAccountName: 'elsewhere' })],
  ],
});
