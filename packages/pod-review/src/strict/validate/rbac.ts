import type { IPolicyRule, IRoleRef, ISubject } from '../../../types/kubernetes.ts';
import { dnsSubdomain, pathSegment } from './names.ts';
import type { Place } from './place.ts';

const group = 'rbac.authorization.k8s.io';

export function validateRules(rules: readonly IPolicyRule[], isNamespaced: boolean, place: Place): void {
  for (const [index, rule] of rules.entries()) {
    const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
    const here = place.at(index);
    if (verbs.length === 0) here.at('verbs').missing();
    if (nonResourceURLs.length > 0) {
      if (isNamespaced) here.at('nonResourceURLs').invalid('allowed only in a ClusterRole');
      if (apiGroups.length + resources.length + resourceNames.length > 0)
        here.at('nonResourceURLs').invalid('cannot be combined with apiGroups, resources or resourceNames');
      continue;
    }
    if (apiGroups.length === 0) here.at('apiGroups').missing();
    if (resources.length === 0) here.at('resources').missing();
  }
}

interface Binding {
  readonly roleRef: IRoleRef;
  readonly subjects?: readonly ISubject[] | undefined;
}

export function validateBinding(
  { roleRef, subjects = [] }: Binding,
  isNamespaced: boolean,
  place: Place,
): void {
  const { apiGroup, kind, name } = roleRef;
  if (apiGroup !== '' && apiGroup !== group) place.at('roleRef', 'apiGroup').oneOf(apiGroup, [group]);
  place.at('roleRef', 'kind').oneOf(kind, isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']);
  if (name === '') place.at('roleRef', 'name').missing();
  else place.at('roleRef', 'name').check(pathSegment(name));
  for (const [index, subject] of subjects.entries()) {
    const here = place.at('subjects', index);
    if (subject.name === '') here.at('name').missing();
    here.at('kind').oneOf(subject.kind, ['ServiceAccount', 'User', 'Group']);
    const isAccount = subject.kind === 'ServiceAccount';
    if (isAccount && subject.name !== '') here.at('name').check(dnsSubdomain(subject.name));
    if (isAccount && (subject.apiGroup ?? '') !== '')
      here.at('apiGroup').invalid('must be empty for a ServiceAccount');
    if (!isAccount && (subject.apiGroup ?? '') !== '') here.at('apiGroup').oneOf(subject.apiGroup, [group]);
    if (isAccount && !isNamespaced && (subject.namespace ?? '') === '') here.at('namespace').missing();
  }
}
