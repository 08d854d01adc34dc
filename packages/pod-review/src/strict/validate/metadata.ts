import type { ILabelSelector, IObjectMeta } from '../../../types/kubernetes.ts';
import { labelValue, type NameForm, prefixOf, qualifiedName } from './names.ts';
import type { Place } from './place.ts';

const annotationLimitBytes = 256 * 1024;

/** Name, labels, annotations and finalizers of an object. */
export function validateMetadata(metadata: IObjectMeta, nameForm: NameForm, place: Place): void {
  const { name = '', generateName = '' } = metadata;
  if (generateName !== '') place.at('generateName').check(prefixOf(nameForm)(generateName));
  if (name !== '') place.at('name').check(nameForm(name));
  else if (generateName === '') place.at('name').missing('name or generateName is required');
  validateTemplateMetadata(metadata, place);
  validateOwners(metadata, place.at('ownerReferences'));
  if (['orphan', 'foregroundDeletion'].every((name) => metadata.finalizers?.includes(name)))
    place.at('finalizers').invalid('orphan and foregroundDeletion are mutually exclusive');
  for (const [index, finalizer] of (metadata.finalizers ?? []).entries()) {
    const isStandard = ['kubernetes', 'orphan', 'foregroundDeletion'].includes(finalizer);
    if (!finalizer.includes('/') && !isStandard) {
      place.at('finalizers', index).invalid(`${finalizer} is not a standard finalizer and has no domain`);
    } else place.at('finalizers', index).check(qualifiedName(finalizer));
  }
}

function validateOwners(metadata: IObjectMeta, place: Place): void {
  const controllers = (metadata.ownerReferences ?? []).filter(({ controller }) => controller === true);
  if (controllers.length > 1) place.invalid('only one owner can be the controller');
  for (const [index, owner] of (metadata.ownerReferences ?? []).entries()) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (owner[field] === '') place.at(index, field).missing();
    }
  }
}

/** Labels and annotations, which a pod template has too. */
export function validateTemplateMetadata(metadata: IObjectMeta | undefined, place: Place): void {
  validateLabels(metadata?.labels, place.at('labels'));
  const annotations = Object.entries(metadata?.annotations ?? {});
  for (const [key] of annotations) place.at('annotations', key).check(qualifiedName(key.toLowerCase()));
  const size = annotations.reduce((sum, [key, value]) => sum + key.length + Buffer.byteLength(value), 0);
  if (size > annotationLimitBytes) place.at('annotations').invalid('longer than 256 KiB in total');
}

export function validateLabels(labels: Readonly<Record<string, string>> | undefined, place: Place): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    place.at(key).check(qualifiedName(key));
    place.at(key).check(labelValue(value));
  }
}

export function validateSelector(selector: ILabelSelector | undefined, place: Place): void {
  validateLabels(selector?.matchLabels, place.at('matchLabels'));
  for (const [index, { key, operator, values = [] }] of (selector?.matchExpressions ?? []).entries()) {
    const here = place.at('matchExpressions', index);
    here.at('key').check(qualifiedName(key));
    const isSet = operator === 'In' || operator === 'NotIn';
    const isPresence = operator === 'Exists' || operator === 'DoesNotExist';
    if (!isSet && !isPresence) {
      here
        .at('operator')
        .invalid(`${JSON.stringify(operator)} is not one of In, NotIn, Exists, DoesNotExist`);
    }
    if (isSet && values.length === 0) here.at('values').missing('values are required for In and NotIn');
    if (isPresence && values.length > 0) here.at('values').forbidden(`${operator} takes no values`);
    for (const [at, value] of values.entries()) here.at('values', at).check(labelValue(value));
  }
}

/** Whether a selector names nothing, so that it would take everything in. */
export function isEmptySelector(selector: ILabelSelector | undefined): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return Object.keys(matchLabels).length + matchExpressions.length === 0;
}
