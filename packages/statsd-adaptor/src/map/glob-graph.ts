import { writeFileSync } from 'node:fs';
import { describeError, type Logger } from '@pod-patterns/kit';
import type { Mapping, PatternRule } from './mapper.ts';

/** Writes the graph of a mapping's globs into a file; as upstream, a failure is logged and nothing more. */
export function dumpGlobs(file: string, { rules }: Mapping, log: Pick<Logger, 'info' | 'error'>): void {
  try {
    writeFileSync(file, globGraph(rules));
    log.info('globs written', { file });
  } catch (error) {
    log.error('globs not written', { file, reason: describeError(error) });
  }
}

/**
 * Draws the tree by which globs are matched, in Graphviz's language: an edge for each segment, and where a rule ends its
 * place in the file, the name that it gives and the type that it is for. Regular expressions are not in it.
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
