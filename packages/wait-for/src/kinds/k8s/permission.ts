import type { Account, Permission } from '../../probe/permission.ts';
import type { KubeSpec } from './spec.ts';

/** Permission that a target needs by RBAC; `namespace` is empty for a kind without namespaces. */
export function permissionFor(
  { group, plural, name, kind }: KubeSpec,
  namespace: string,
  account: Account,
): Permission {
  const isList = kind === 'endpoints' || name === '';
  return {
    verb: isList ? 'list' : 'get',
    group,
    resource: plural,
    name: isList ? undefined : name,
    namespace: namespace === '' ? undefined : namespace,
    account,
  };
}

/** The account that a token stands for; undefined when the token does not say. */
export function accountOf(token: string): Account | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const subject =
      typeof payload === 'object' && payload !== null && 'sub' in payload ? String(payload.sub) : '';
    const [, namespace, name] = /^system:serviceaccount:([a-z0-9.-]+):([a-z0-9.-]+)$/.exec(subject) ?? [];
    return namespace === undefined || name === undefined ? undefined : { namespace, name };
  } catch {
    return undefined;
  }
}
