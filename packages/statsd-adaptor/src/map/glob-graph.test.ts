import { expect, it } from 'vitest';
import { read } from '../../testing/mappings.ts';
import { globGraph } from './glob-graph.ts';

const looks = [
  'rankdir=LR;',
  'node [label="",style=filled,fillcolor=white,shape=circle];',
  '0 [fillcolor="#f2dede"];',
];

it('draws the segments that globs share once, and the rules where they end', () => {
  const { rules } = read(`mappings:
- { match: "web.*.request", name: "web_$1" }
- { match: "web.*", name: web, match_metric_type: gauge }
- { match: "web.(.+)", name: regex, match_type: regex }
- { match: "web.*", name: other, match_metric_type: counter }
`);
  expect(globGraph(rules)).toBe(
    [
      'digraph globs {',
      ...looks,
      '0 -> 1 [label="web"];',
      '1 -> 2 [label="*"];',
      '2 -> 3 [label="request"];',
      '3 [label="1: web_$1",shape=box,fillcolor="#d5e8d4"];',
      String.raw`2 [label="2: web (gauge)\n4: other (counter)",shape=box,fillcolor="#d5e8d4"];`,
      '}\n',
    ].join('\n'),
  );
});

it('draws only the root if there are no rules', () => {
  expect(globGraph([])).toBe(['digraph globs {', ...looks, '}\n'].join('\n'));
});
