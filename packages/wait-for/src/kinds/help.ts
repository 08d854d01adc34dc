import { type KeySet, usageOf } from '../keys/key.ts';
import type { Kind } from './kind.ts';

/** One way to write a target, and when it is ready then. */
interface Row {
  readonly forms: readonly string[];
  readonly ready: string;
}

function rowsOf({ schemes, form, ready }: Kind): Row[] {
  const [first = '', ...others] = schemes;
  if (typeof ready !== 'string')
    return Object.entries(ready).map(([one, words]) => ({ forms: [`${first}:${one}`], ready: words }));
  const rest = others.map((scheme) => `${scheme}:${form.startsWith('//') ? '//' : ''}`);
  return [{ forms: [`${first}:${form}`, ...rest], ready }];
}

const leftWidth = 45;
const rightWidth = 71;

/** Text of `--help` about the kinds: syntax, readiness, keys. */
export function kindsHelp(kinds: readonly Kind[]): string {
  return kinds
    .flatMap((kind) => [
      ...rowsOf(kind).flatMap(({ forms, ready }) => lines(forms.join(' '), ready.replaceAll('`', ''))),
      ...wrap(Object.entries(kind.keys).map(([name, key]) => usageOf(name, key))).flatMap((keys) =>
        lines('', keys),
      ),
    ])
    .join('\n');
}

/** Two columns of text; a long entry of the left one has a line of its own. */
function lines(left: string, right: string): string[] {
  if (left.length > leftWidth) return [`  ${left}`, ...lines('', right)];
  return [`  ${left.padEnd(leftWidth)}  ${right}`];
}

function wrap(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= rightWidth) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** The README's table of targets. */
export function kindsTable(kinds: readonly Kind[]): string {
  const rows = kinds.flatMap((kind) => {
    const keysIn = (row: number) =>
      Object.entries(kind.keys).map(([name, key]) => {
        // do not repeat the row before
        const note = key.note === undefined || row > 0 ? '' : ` (${key.note})`;
        return `${code(usageOf(name, key))}${note}`;
      });
    return rowsOf(kind).map(
      ({ forms, ready }, row) => `| ${forms.map(code).join(' ')} | ${ready} | ${keysIn(row).join(' ')} |`,
    );
  });
  return ['| URL | ready when | keys |', '|---|---|---|', ...rows].join('\n');
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** The README's table of the keys that every target has. */
export function keysTable(keys: KeySet): string {
  const rows = Object.entries(keys).map(([name, { form, fallback, note = '' }]) => {
    const otherwise = form === 'switch' ? 'off' : fallback === undefined ? '–' : code(fallback);
    return `| ${code(name)} | ${otherwise} | ${note} |`;
  });
  return ['| key | default | meaning |', '|---|---|---|', ...rows].join('\n');
}
