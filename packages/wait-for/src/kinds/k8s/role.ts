import type { KubeSpec } from './spec.ts';

/** What is asked of the API for a target, as RBAC names it. */
export interface Permission {
  readonly verb: 'get' | 'list';
  readonly group: string;
  readonly resource: string;
  /** None for a list, which cannot be narrowed by name. */
  readonly name: string | undefined;
  /** Undefined for a kind without namespaces. */
  readonly namespace: string | undefined;
}

/** What RBAC must allow for a target; `namespace` is empty for a kind without. */
export function permissionFor({ group, plural, name, kind }: KubeSpec, namespace: string): Permission {
  const isList = kind === 'endpoints' || name === '';
  return {
    verb: isList ? 'list' : 'get',
    group,
    resource: plural,
    name: isList ? undefined : name,
    namespace: namespace === '' ? undefined : namespace,
  };
}

/** The account that a token stands for: `namespace` and `name`; undefined when the token does not say. */
export function accountOf(token: string): { namespace: string; name: string } | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const subject =
      typeof payload === 'object' && payload !== null && 'sub' in payload ? String(payload.sub) : '';
    const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(subject) ?? [];
    return namespace === undefined || name === undefined ? undefined : { namespace, name };
  } catch {
    return undefined;
  }
}

/** The Role and its binding that allow it, ready for `kubectl apply`. */
export function roleFor(permission: Permission, account = { namespace: 'default', name: 'default' }): string {
  const { verb, group, resource, name, namespace } = permission;
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  const metadata = `metadata: {name: wait-for-${resource}${namespace === undefined ? '' : `, namespace: ${namespace}`}}`;
  const names = name === undefined ? '' : `, resourceNames: [${name}]`;
  return `To allow it, apply:
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
${metadata}
rules:
  - {apiGroups: ["${group}"], resources: [${resource}], verbs: [${verb}]${names}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}Binding
${metadata}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: wait-for-${resource}}
subjects:
  - {kind: ServiceAccount, name: ${account.name}, namespace: ${account.namespace}}`;
}
