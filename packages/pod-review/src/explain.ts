import { rules } from './rules/index.ts';
import type { Rule } from './rules/rule.ts';

/** Text of `pod-review explain`: a table of all rules, or the named ones in full. */
export function explain(ids: readonly string[]): string {
  if (ids.length > 0)
    return rules
      .filter(({ id }) => ids.includes(id))
      .map(whole)
      .join('\n');
  const width = Math.max(...rules.map(({ id }) => id.length));
  const lines = rules.map(
    ({ id, severity, why }) => `${id.padEnd(width)}  ${severity.padEnd(7)}  ${firstSentence(why)}`,
  );
  return `${lines.join('\n')}\n`;
}

function whole({ id, severity, why, fix, link }: Rule): string {
  return `${id} (${severity})\n\n${wrap(why)}\n\nFix: ${wrap(fix, 5)}\n\n${link}\n`;
}

function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}

/** Breaks a text at blanks so that no line is longer than 100, the first one `indent` shorter. */
function wrap(text: string, indent = 0): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    const room = lines.length === 1 ? 100 - indent : 100;
    if (line !== '' && line.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}
