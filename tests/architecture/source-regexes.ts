import { type Node, parse } from 'acorn';
import { transformSync } from 'esbuild';
import { analyse } from 'scslre';

/** A regular expression as it stands in a source. */
export interface RegexLiteral {
  readonly source: string;
  readonly flags: string;
}

/** What a source makes regular expressions of. */
export interface SourceRegexes {
  readonly literals: readonly RegexLiteral[];
  /** The arguments of `RegExp(…)` and `new RegExp(…)`. */
  readonly built: readonly string[];
}

export function regexesOf(typescript: string): SourceRegexes {
  const { code } = transformSync(typescript, { loader: 'ts', target: 'esnext' });
  const literals: RegexLiteral[] = [];
  const built: string[] = [];
  for (const node of nodesOf(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }))) {
    if ('regex' in node) {
      const { pattern, flags } = node.regex as { pattern: string; flags: string }; // as ESTree says
      literals.push({ source: pattern, flags });
    }
    if ('callee' in node) {
      const { start, end } = node.callee as Node; // as ESTree says
      if (code.slice(start, end) === 'RegExp') built.push(code.slice(end + 1, node.end - 1));
    }
  }
  return { literals, built };
}

function* nodesOf(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value && 'start' in value) yield value as Node; // only nodes have both
  for (const [key, inner] of Object.entries(value)) if (key !== 'regex') yield* nodesOf(inner);
}

/** Why the time for a match can grow faster than a text; empty if it cannot. */
export function superLinear(literal: RegexLiteral): readonly string[] {
  return analyse(literal).reports.map(({ type, exponential, character }) => {
    const many = JSON.stringify(character.pick);
    if (exponential) return `is exponential for many ${many}`;
    return type === 'Move' ? `begins anew at each of many ${many}` : `backtracks over many ${many}`;
  });
}
