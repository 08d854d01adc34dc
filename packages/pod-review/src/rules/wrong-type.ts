import { fromFaults } from './from-faults.ts';
import type { Rule } from './rule.ts';

export const wrongType: Rule = {
  id: 'wrong-type',
  severity: 'error',
  why: 'The value is not of the type of its field, so the API server cannot decode the object.',
  fix: 'Write a value of the type that is named; numbers and true or false that are meant as text need quotes.',
  link: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
  check: fromFaults('wrong-type'),
};
