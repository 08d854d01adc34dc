import { describe, expect, it } from 'vitest';
import { type Finding, review } from '../src/review.ts';
import { rules } from '../src/rules/index.ts';
import type { Rule } from '../src/rules/rule.ts';
import { type Data, documents } from './manifests.ts';

/** A file as text, one object, or several that are reviewed together. */
export type Sample = string | Data | readonly Data[];

export interface RuleTable {
  /** At least two manifests with a finding of the rule, each with the fields that the finding must have. */
  readonly fires: ReadonlyArray<readonly [title: string, sample: Sample, expected?: Partial<Finding>]>;
  /** At least two manifests without a finding of the rule. */
  readonly passes: ReadonlyArray<readonly [title: string, sample: Sample]>;
}

/** The tests of one rule: manifests that fire and manifests that do not. */
export function testRule(rule: Rule, { fires, passes }: RuleTable): void {
  describe(rule.id, () => {
    it('has two examples of each kind', () => {
      expect([fires.length >= 2, passes.length >= 2]).toEqual([true, true]);
    });

    it.each(fires.map(([title, sample, expected = {}]) => ({ title, sample, expected })))(
      'fires for $title',
      ({ sample, expected }) => {
        const found = findingsOf(rule, sample);
        expect(found).not.toEqual([]);
        expect(found).toContainEqual(
          expect.objectContaining({ rule: rule.id, severity: rule.severity, ...expected }),
        );
      },
    );

    it.each(passes)('accepts %s', (_, sample) => {
      expect(findingsOf(rule, sample)).toEqual([]);
    });
  });
}

/** The rule of that id. */
export function ruleOf(id: string): Rule {
  const found = rules.find((rule) => rule.id === id);
  if (found === undefined) throw new Error(`no rule ${id}`);
  return found;
}

/** Findings of a rule in a sample. */
export function findingsOf({ id }: Pick<Rule, 'id'>, sample: Sample): Finding[] {
  return review([{ name: 'sample.yaml', text: textOf(sample) }]).findings.filter(({ rule }) => rule === id);
}

export function textOf(sample: Sample): string {
  if (typeof sample === 'string') return sample;
  return documents(Array.isArray(sample) ? sample : [sample as Data]); // what is no list is one object
}
