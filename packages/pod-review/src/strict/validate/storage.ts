import type { IPersistentVolumeClaimSpec } from '../../../types/kubernetes.ts';
import { compareQuantities, parseQuantity } from '../api/quantity.ts';
import { validateSelector } from './metadata.ts';
import { dnsSubdomain } from './names.ts';
import type { Place } from './place.ts';

/** Storage requests of a PersistentVolumeClaim, a StatefulSet or an ephemeral volume. */
export function validateClaimSpec(spec: IPersistentVolumeClaimSpec | undefined, place: Place): void {
  const { accessModes = [], resources, storageClassName = '', selector } = spec ?? {};
  if (accessModes.length === 0) place.at('accessModes').missing('at least one access mode is required');
  if (accessModes.includes('ReadWriteOncePod') && accessModes.length > 1) {
    place.at('accessModes').forbidden('ReadWriteOncePod cannot be combined with other access modes');
  }
  const storage = resources?.requests?.['storage'];
  const amount = parseQuantity(storage);
  if (storage === undefined) place.at('resources', 'requests', 'storage').missing();
  else if (amount !== undefined && compareQuantities(amount, { units: 0n, scale: 0 }) <= 0) {
    place.at('resources', 'requests', 'storage').invalid(`${storage} must be more than 0`);
  }
  place.at('volumeMode').oneOf(spec?.volumeMode, ['Block', 'Filesystem']);
  const { volumeAttributesClassName = '' } = spec ?? {};
  if (volumeAttributesClassName !== '')
    place.at('volumeAttributesClassName').check(dnsSubdomain(volumeAttributesClassName));
  if (storageClassName !== '') place.at('storageClassName').check(dnsSubdomain(storageClassName));
  validateSelector(selector, place.at('selector'));
}
