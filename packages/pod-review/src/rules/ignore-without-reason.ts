import { didYouMean } from '@pod-patterns/kit';
import { ignoreAnnotation, ignoreOf } from './ignore.ts';
import type { Rule } from './rule.ts';

/** The rule for ignoring rules, which needs the ids of all. */
export const ignoreWithoutReason = (idsOfAll: () => readonly string[]): Rule => ({
  id: 'ignore-without-reason',
  severity: 'warning',
  why: 'Without a reason, the next maintainer cannot judge whether a rule may be ignored. An unknown rule name hides a typing error. Such entries have no effect.',
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
          message: `${ignoreAnnotation}: no rule ${rule}${didYouMean(rule, ids)}`,
        };
      }
    },
  },
});
