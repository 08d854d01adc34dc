import { fromFaults } from './from-faults.ts';
import type { Rule } from './rule.ts';

export const duplicateName: Rule = {
  id: 'duplicate-name',
  severity: 'error',
  why: 'Two things of one list have the same name, so that the API server cannot tell them apart.',
  fix: 'Give each a name of its own.',
  link: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
  check: fromFaults('duplicate-name'),
};
