import type { Account, Permission } from '../probe/permission.ts';

/** Permissions of one account in one namespace or in the cluster, for one Role. */
interface Grant {
  readonly account: Account;
  readonly namespace: string | undefined;
  readonly permissions: readonly Permission[];
}

/** The Roles that give all these rights, with their bindings, ready for `kubectl apply`. */
export function rolesFor(permissions: readonly Permission[]): string {
  return `To allow it, apply:\n${grantsOf(permissions).map(roleFor).join('\n---\n')}`;
}

function grantsOf(permissions: readonly Permission[]): Grant[] {
  const groups = Map.groupBy(permissions, ({ account, namespace }) => JSON.stringify([account, namespace]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined
      ? []
      : [{ account: first.account, namespace: first.namespace, permissions: group }];
  });
}

function roleFor(grant: Grant): string {
  const { account, namespace } = grant;
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  const rules = rulesOf(grant);
  const name = nameFor(grant, rules);
  const metadata = `metadata: {name: ${name}${namespace === undefined ? '' : `, namespace: ${yaml(namespace)}`}}`;
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
${metadata}
rules:
${rules.map((rule) => `  - ${rule}`).join('\n')}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}Binding
${metadata}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: ${name}}
subjects:
  - {kind: ServiceAccount, name: ${yaml(account.name)}, namespace: ${yaml(account.namespace)}}`;
}

/** A rule for each kind and verb, sorted, so that the same rights have the same text. */
function rulesOf({ permissions }: Grant): readonly string[] {
  const groups = Map.groupBy(
    permissions,
    ({ group, resource, verb, name }) =>
      `{apiGroups: ["${group}"], resources: [${resource}], verbs: [${verb}]${name === undefined ? '' : ', resourceNames: '}`,
  );
  const rules = [...groups].map(([rule, those]) => {
    const names = new Set(those.flatMap(({ name }) => (name === undefined ? [] : [yaml(name)])));
    return `${rule}${names.size === 0 ? '' : `[${[...names].sort().join(', ')}]`}}`;
  });
  return rules.sort();
}

/**
 * Account, verbs and a hash of the rules: a Role suggested for another account or other objects must not replace
 * this one.
 */
function nameFor({ account, namespace, permissions }: Grant, rules: readonly string[]): string {
  const verbs = [...new Set(permissions.map(({ verb }) => verb))].sort().join('-');
  const mark = hash(JSON.stringify([account, namespace, rules]));
  return `wait-for-${account.name.slice(0, 200)}-${verbs}-${mark}`;
}

/** FNV-1a, 32 bits. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** Quotes names that YAML would read as a number, boolean or null. */
function yaml(name: string): string {
  return /^[a-z][a-z0-9.-]*$/.test(name) && !/^(true|false|null|yes|no|on|off|y|n)$/.test(name)
    ? name
    : JSON.stringify(name);
}
