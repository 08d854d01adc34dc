import { expect } from 'vitest';
import { web, workload } from '../../testing/manifests.ts';
import { ruleOf, testRule } from '../../testing/rule-table.ts';

const ignoring = (text: string) =>
  workload({ containers: [web] }, { annotations: { 'pod-review/ignore': text } });

testRule(ruleOf('ignore-without-reason'), {
  fires: [
    ['a rule alone', ignoring('missing-limits'), { message: expect.stringContaining('without a reason') }],
    ['a rule and a colon', ignoring('missing-limits: ')],
    [
      'an unknown rule',
      ignoring('missing-limit: a test pod'),
      { message: expect.stringContaining('did you mean missing-limits') },
    ],
    ['one of two rules', ignoring('missing-limits: a test pod; image-not-pinned')],
  ],
  passes: [
    ['a rule with its reason', ignoring('missing-limits: a test pod')],
    ['two rules with reasons', ignoring('missing-limits: a test pod; image-not-pinned: built on the node')],
    ['no annotation', workload({ containers: [web] })],
  ],
});
