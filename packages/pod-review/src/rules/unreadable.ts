import type { Rule } from './rule.ts';

/** Found by the loader, before there is an object to check. */
export const unreadable: Rule = {
  id: 'unreadable',
  severity: 'error',
  why: 'The file is not YAML, is an unrendered template, or contains something other than Kubernetes objects. Nothing in it can be applied or reviewed.',
  fix: 'Fix the syntax at the given line. Render a template first (`helm template . | pod-review -`). Keep other YAML out of the folder.',
  link: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/',
};
