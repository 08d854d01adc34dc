import { didYouMean } from '@pod-patterns/kit';
import { ignoreAnnotation, ignoreOf } from './ignore.ts';
import type { Rule } from './rule.ts';

/** The rule for ignoring rules, which needs the ids of all. */
export const ignoreWithoutReason = (idsOfAll: () => readonly string[]): Rule => ({
  id: 'ignore-without-reason',
  severity: 'warning',
  why: 'A rule that is ignored without a reason cannot be judged by who comes later, and one that does not exist hides a typing error. Neither is ignored.',
  fix: 'Write `pod-review/ignore: "rule: reason; rule: reason"`.',
  link: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/',
  check: {
    *object(object) {
      const { rules, faults } = ignoreOf(object);
      const ids = idsOfAll();
      yield* faults;
      for (const [rule, path] of rules) {
        if (ids.includes(rule)) continue;
        yield {
          path,
          message: `${ignoreAnnotation} names ${rule}: no such rule${didYouMean(rule, ids)}`,
        };
      }
    },
  },
});
