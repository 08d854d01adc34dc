import { didYouMean } from '@pod-patterns/kit';
import { ignoreAnnotation, ignoreOf } from './ignore.ts';
import type { Rule } from './rule.ts';

export const ignoreWithoutReason: Rule = {
  id: 'ignore-without-reason',
  severity: 'warning',
  why: 'A rule that is ignored without a reason cannot be judged by who comes later, and one that does not exist hides a typing error. Neither is ignored.',
  fix: 'Write `pod-review/ignore: "rule: reason; rule: reason"`.',
  link: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/',
  check: {
    *object(object, { ruleIds }) {
      const { rules, faults } = ignoreOf(object);
      yield* faults;
      for (const [rule, path] of rules) {
        if (ruleIds.has(rule)) continue;
        yield {
          path,
          message: `${ignoreAnnotation} names ${rule}: no such rule${didYouMean(rule, ruleIds)}`,
        };
      }
    },
  },
};
