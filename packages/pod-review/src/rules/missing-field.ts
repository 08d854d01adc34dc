import { fromFaults } from './from-faults.ts';
import type { Rule } from './rule.ts';

export const missingField: Rule = {
  id: 'missing-field',
  severity: 'error',
  why: 'The API server refuses the object without this field.',
  fix: 'Add the field.',
  link: 'https://kubernetes.io/docs/reference/kubernetes-api/',
  check: fromFaults('missing-field'),
};
