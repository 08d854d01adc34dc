import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';

/** A regular expression in a source file. */
export interface Found {
  readonly file: string;
  readonly line: number;
  /** Its text, or that of `new RegExp(…)` if it is made at run time. */
  readonly text: string;
  readonly regex: RegExp | undefined;
}

/** All regular expressions of a source file. */
export function regexesOf(root: string, file: string): Found[] {
  const source = readFileSync(join(root, file), 'utf8');
  const found: Found[] = [];
  visit(parseAst(source, { lang: 'ts' }), (node) => {
    const { regex, callee } = node;
    const isCall = node.type === 'NewExpression' || node.type === 'CallExpression';
    const made = isCall && /^(?:RegExp$|RE2)/.test(source.slice(callee?.start, callee?.end));
    if (regex === undefined && !made) return;
    const line = source.slice(0, node.start).split('\n').length;
    const text = source.slice(node.start, node.end);
    found.push({ file, line, text, regex: regex && new RegExp(regex.pattern, regex.flags) });
  });
  return found;
}

/** The used part of a syntax tree's node. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly regex?: { readonly pattern: string; readonly flags: string };
  readonly callee?: { readonly start: number; readonly end: number };
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  // each object of the tree that has a type is a node
  if ('type' in value && 'start' in value) see(value as Node);
  for (const inner of Object.values(value)) visit(inner, see);
}

/** Source files of the programs, without tests. */
export function sourcesOf(root: string): string[] {
  return globSync('packages/*/src/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .sort();
}
