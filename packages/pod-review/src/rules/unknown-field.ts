import { fromFaults } from './from-faults.ts';
import type { Rule } from './rule.ts';

export const unknownField: Rule = {
  id: 'unknown-field',
  severity: 'error',
  why: 'The API server knows no such field in this version of Kubernetes. With strict validation, which kubectl asks for, it refuses the object; without, it drops the field and what you wanted does not happen.',
  fix: 'Take the nearest name, or move the field to the map it belongs in.',
  link: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
  check: fromFaults('unknown-field'),
};
