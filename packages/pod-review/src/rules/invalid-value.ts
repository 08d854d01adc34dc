import { fromFaults } from './from-faults.ts';
import type { Rule } from './rule.ts';

export const invalidValue: Rule = {
  id: 'invalid-value',
  severity: 'error',
  why: 'The API server refuses the value: it is outside its range, not one of the words it may be, or not of the form it must have.',
  fix: 'Write a value as the message says.',
  link: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
  check: fromFaults('invalid-value'),
};
