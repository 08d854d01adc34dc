import { writeFileSync } from 'node:fs';
import { describeError, type Logger } from '@pod-patterns/kit';
import type { Mapping, PatternRule } from './mapper.ts';

/** Writes the graph of a mapping's globs to a file; as in upstream, a failure is only logged. */
export function dumpGlobs(file: string, { rules }: Mapping, log: Pick<Logger, 'info' | 'error'>): void {
  try {
    writeFileSync(file, globGraph(rules));
    log.info('glob tree written', { file });
  } catch (error) {
    log.error('glob tree not written', { file, reason: describeError(error) });
  }
}

/**
 * Draws the tree that matches globs, in Graphviz's language: an edge per segment, and at the end of each rule its
 * position in the file, its name and its type. Regular expressions are left out.
 */
export function globGraph(rules: readonly PatternRule[]): string {
  const numbers = new Map([['', 0]]);
  const edges: string[] = [];
  const ends = new Map<number, string[]>();
  for (const [place, { pattern, name, metricType }] of rules.entries()) {
    if (!('glob' in pattern)) continue;
    let path = '';
    let node = 0;
    for (const segment of pattern.glob.split('.')) {
      path += `.${segment}`;
      const known = numbers.get(path);
      const next = known ?? numbers.size;
      if (known === undefined) {
        numbers.set(path, next);
        edges.push(`${node} -> ${next} [label="${segment}"];`);
      }
      node = next;
    }
    const end = `${place + 1}: ${name}${metricType === undefined ? '' : ` (${metricType})`}`;
    ends.set(node, [...(ends.get(node) ?? []), end]);
  }
  const labels = [...ends].map(
    ([node, texts]) => `${node} [label="${texts.join('\\n')}",shape=box,fillcolor="#d5e8d4"];`,
  );
  const looks = [
    'rankdir=LR;',
    'node [label="",style=filled,fillcolor=white,shape=circle];',
    '0 [fillcolor="#f2dede"];',
  ];
  return `digraph globs {\n${[...looks, ...edges, ...labels].join('\n')}\n}\n`;
}
