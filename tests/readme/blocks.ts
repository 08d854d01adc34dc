/** A fenced block of a README that is run: its commands, and what they should print where the README says it. */
export interface CommandBlock {
  readonly commands: string;
  /** What it needs beside a checkout: `docker`, `cluster`, `pod`, or nothing. */
  readonly needs: string | undefined;
  readonly expected: string | undefined;
  readonly line: number;
}

/** The blocks tagged `sh`, each with the `text` block that follows it, if one does. */
export function commandBlocks(markdown: string): CommandBlock[] {
  const fences = [...markdown.matchAll(/^( *)```([^\n]*)\n([\s\S]*?)\n? *```$/gm)].map((match) => ({
    info: (match[2] ?? '').trim(),
    body: (match[3] ?? '').replaceAll(new RegExp(`^${match[1]}`, 'gm'), ''),
    start: match.index,
    end: match.index + match[0].length,
  }));
  return fences.flatMap(({ info, body, start, end }, index) => {
    const [language, needs] = info.split(/\s+/);
    if (language !== 'sh') return [];
    const next = fences[index + 1];
    const isAnswer = next?.info === 'text' && !markdown.slice(end, next.start).includes('\n#');
    const line = markdown.slice(0, start).split('\n').length;
    return [{ commands: body, needs, expected: isAnswer ? next.body : undefined, line }];
  });
}

/** Whether the output holds the expected lines in order; `…` stands for anything, a line of it for any lines. */
export function matchesOutput(output: string, expected: string): boolean {
  const pattern = expected
    .trim()
    .split('\n')
    .map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : `[^\\S\\n]*${literal(line.trim())}[^\\S\\n]*\\n`))
    .join('');
  return new RegExp(`(^|\\n)${pattern}`).test(`${output.trim()}\n`);
}

function literal(line: string): string {
  return line
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
}
