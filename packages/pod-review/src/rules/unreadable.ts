import type { Rule } from './rule.ts';

/** Found by the loader, before there is an object to check. */
export const unreadable: Rule = {
  id: 'unreadable',
  severity: 'error',
  why: 'The file is not YAML, is a template, or holds something that is no Kubernetes object, so nothing in it can be applied or reviewed.',
  fix: 'Mend the syntax at the line that is named; render a template first (`helm template . | pod-review -`); keep other YAML out of the folder.',
  link: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/',
};
