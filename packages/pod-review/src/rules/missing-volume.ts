import { fromFaults } from './from-faults.ts';
import type { Rule } from './rule.ts';

export const missingVolume: Rule = {
  id: 'missing-volume',
  severity: 'error',
  why: 'The container mounts a volume that the pod does not have.',
  fix: 'Declare the volume under the volumes of the pod, or mend the name.',
  link: 'https://kubernetes.io/docs/concepts/storage/volumes/',
  check: fromFaults('missing-volume'),
};
