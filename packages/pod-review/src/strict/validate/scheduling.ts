import type {
  ILabelSelector,
  INodeSelectorTerm,
  IPodAffinityTerm,
  IPodSpec,
  IToleration,
  ITopologySpreadConstraint,
} from '../../../types/kubernetes.ts';
import { validateLabels, validateSelector } from './metadata.ts';
import { dnsLabel, dnsSubdomain, labelValue, qualifiedName } from './names.ts';
import type { Place } from './place.ts';

/** Where a pod may go: node selector, affinities, tolerations, spread. */
export function validateScheduling(spec: IPodSpec, place: Place): void {
  validateLabels(spec.nodeSelector, place.at('nodeSelector'));
  validateAffinity(spec, place.at('affinity'));
  for (const [index, toleration] of (spec.tolerations ?? []).entries()) {
    validateToleration(toleration, place.at('tolerations', index));
  }
  validateSpread(spec.topologySpreadConstraints ?? [], place.at('topologySpreadConstraints'));
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

function validateAffinity({ affinity = {} }: IPodSpec, place: Place): void {
  const { nodeAffinity } = affinity;
  const terms = nodeAffinity?.[required]?.nodeSelectorTerms;
  if (terms?.length === 0) place.at('nodeAffinity', required, 'nodeSelectorTerms').missing();
  for (const [index, term] of (terms ?? []).entries()) {
    validateNodeTerm(term, place.at('nodeAffinity', required, 'nodeSelectorTerms', index));
    validateNodeValues(term, place.at('nodeAffinity', required, 'nodeSelectorTerms', index));
  }
  for (const [index, { weight, preference }] of (nodeAffinity?.[preferred] ?? []).entries()) {
    place.at('nodeAffinity', preferred, index, 'weight').within(weight, 1, 100);
    validateNodeTerm(preference, place.at('nodeAffinity', preferred, index, 'preference'));
  }
  for (const name of ['podAffinity', 'podAntiAffinity'] as const) {
    const pods = affinity[name];
    for (const [index, term] of (pods?.[required] ?? []).entries()) {
      validatePodTerm(term, place.at(name, required, index));
    }
    for (const [index, { weight, podAffinityTerm }] of (pods?.[preferred] ?? []).entries()) {
      place.at(name, preferred, index, 'weight').within(weight, 1, 100);
      validatePodTerm(podAffinityTerm, place.at(name, preferred, index, 'podAffinityTerm'));
    }
  }
}

function validateNodeTerm(term: INodeSelectorTerm, place: Place): void {
  validateNodeFields(term, place.at('matchFields'));
  for (const [index, { key, operator, values = [] }] of (term.matchExpressions ?? []).entries()) {
    const here = place.at('matchExpressions', index);
    here.at('operator').oneOf(operator, ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']);
    here.at('key').check(qualifiedName(key));
    if (/In$/.test(operator) && values.length === 0)
      here.at('values').missing('values are required for In and NotIn');
    if (/Exist/.test(operator) && values.length > 0)
      here.at('values').forbidden(`${operator} takes no values`);
    if (/^[GL]t$/.test(operator) && values.length !== 1)
      here.at('values').missing(`${operator} takes one value`);
  }
}

/** The values of required terms; those of preferred terms are not checked. */
function validateNodeValues(term: INodeSelectorTerm, place: Place): void {
  for (const [index, { values = [] }] of (term.matchExpressions ?? []).entries()) {
    for (const [at, value] of values.entries()) {
      place.at('matchExpressions', index, 'values', at).check(labelValue(value));
    }
  }
}

/** Of the fields of a node there is but its name to go by, and one at a time. */
function validateNodeFields(term: INodeSelectorTerm, place: Place): void {
  for (const [index, { key, operator, values = [] }] of (term.matchFields ?? []).entries()) {
    const here = place.at(index);
    here.at('key').oneOf(key, ['metadata.name']);
    here.at('operator').oneOf(operator, ['In', 'NotIn']);
    if (values.length !== 1) here.at('values').missing('expected one value');
    for (const [at, value] of values.entries()) here.at('values', at).check(dnsSubdomain(value));
  }
}

function validatePodTerm(term: IPodAffinityTerm, place: Place): void {
  validateSelector(term.labelSelector, place.at('labelSelector'));
  validateSelector(term.namespaceSelector, place.at('namespaceSelector'));
  for (const [index, name] of (term.namespaces ?? []).entries()) {
    place.at('namespaces', index).check(dnsLabel(name));
  }
  const { matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  refuseSelected(matchLabelKeys, term.labelSelector, place.at('matchLabelKeys'));
  validateLabelKeys({ matchLabelKeys, mismatchLabelKeys }, term.labelSelector !== undefined, place);
  for (const [index, key] of matchLabelKeys.entries()) {
    if (mismatchLabelKeys.includes(key))
      place.at('matchLabelKeys', index).invalid(`${key} is also in mismatchLabelKeys`);
  }
  if (term.topologyKey === '') place.at('topologyKey').missing();
  else place.at('topologyKey').check(qualifiedName(term.topologyKey));
}

/** Labels of the pod itself that are added to a selector, so that there must be one. */
function validateLabelKeys(
  lists: Readonly<Record<string, readonly string[]>>,
  hasSelector: boolean,
  place: Place,
): void {
  for (const [name, keys] of Object.entries(lists)) {
    if (keys.length > 0 && !hasSelector) place.at(name).forbidden('allowed only with a labelSelector');
    for (const [index, key] of keys.entries()) place.at(name, index).check(qualifiedName(key));
  }
}

/** Keys that the selector has already: the pod's own value is added to it. */
function refuseSelected(keys: readonly string[], selector: ILabelSelector | undefined, place: Place): void {
  const selected = [
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ];
  for (const [index, key] of keys.entries()) {
    if (selected.includes(key)) place.at(index).invalid(`${key} is also in labelSelector`);
  }
}

function validateToleration(toleration: IToleration, place: Place): void {
  const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration;
  if (key !== '') place.at('key').check(qualifiedName(key));
  else if (operator !== 'Exists') place.at('operator').invalid('must be Exists without a key');
  if (operator !== '') place.at('operator').oneOf(operator, ['Exists', 'Equal']);
  if (operator === 'Exists' && value !== '') place.at('operator').invalid('Exists takes no value');
  if (operator !== 'Exists') place.at('value').check(labelValue(value));
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    place.at('effect').invalid('must be NoExecute when tolerationSeconds is set');
  }
}

function validateSpread(constraints: readonly ITopologySpreadConstraint[], place: Place): void {
  place.unique(
    constraints.map(({ topologyKey, whenUnsatisfiable }) => `${topologyKey}, ${whenUnsatisfiable}`),
    (index) => [index],
  );
  for (const [index, constraint] of constraints.entries()) {
    const here = place.at(index);
    const {
      maxSkew,
      minDomains,
      topologyKey,
      whenUnsatisfiable,
      matchLabelKeys = [],
      labelSelector,
    } = constraint;
    if (maxSkew <= 0) here.at('maxSkew').invalid(`${maxSkew} must be more than 0`);
    if (topologyKey === '') here.at('topologyKey').missing();
    if (whenUnsatisfiable.length === 0) here.at('whenUnsatisfiable').missing();
    if (minDomains !== undefined && minDomains <= 0)
      here.at('minDomains').invalid(`${minDomains} must be more than 0`);
    if (minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule') {
      here.at('minDomains').invalid('allowed only when whenUnsatisfiable is DoNotSchedule');
    }
    validateLabelKeys({ matchLabelKeys }, labelSelector !== undefined, here);
    refuseSelected(matchLabelKeys, labelSelector, here.at('matchLabelKeys'));
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      here.at(field).oneOf(constraint[field], ['Honor', 'Ignore']);
    }
    validateSelector(labelSelector, here.at('labelSelector'));
  }
}
