import { expect } from 'vitest';
import { ruleOf, testRule } from '../../testing/rule-table.ts';

testRule(ruleOf('duplicate-key'), {
  fires: [
    [
      'a key twice in one map',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: "1"\n  a: "2"\n',
      { line: 6, message: expect.stringContaining('key a') },
    ],
    [
      'a section twice',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: "1"}\ndata: {b: "1"}\n',
      { line: 5 },
    ],
    [
      'a key twice in an item of a List',
      'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: x, name: y}\n',
      { line: 6 },
    ],
  ],
  passes: [
    ['the same key in two maps', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {name: "1"}\n'],
    [
      'a merge that a key overrides',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: x}\ndata:\n  <<: *m\n  name: y\n',
    ],
  ],
});
