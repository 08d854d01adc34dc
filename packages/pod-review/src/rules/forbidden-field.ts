import { fromFaults } from './from-faults.ts';
import type { Rule } from './rule.ts';

export const forbiddenField: Rule = {
  id: 'forbidden-field',
  severity: 'error',
  why: 'The API server refuses this field here: it contradicts another, or has no meaning in this place.',
  fix: 'Remove the field, or what it contradicts.',
  link: 'https://kubernetes.io/docs/reference/kubernetes-api/',
  check: fromFaults('forbidden-field'),
};
