import { fromFaults } from './from-faults.ts';
import type { Rule } from './rule.ts';

export const duplicateKey: Rule = {
  id: 'duplicate-key',
  severity: 'error',
  why: 'A map holds the same key twice. kubectl takes the last without a word, and the API server refuses both when it sees them: what the first one says does not happen.',
  fix: 'Remove one of them, or merge the two.',
  link: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
  check: fromFaults('duplicate-key'),
};
