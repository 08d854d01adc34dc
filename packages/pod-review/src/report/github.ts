import type { Finding, Review } from '../review.ts';

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** GitHub workflow commands, which Actions shows beside the lines of a pull request. */
export function githubReport({ findings }: Review): string {
  return findings.map(annotation).join('');
}

function annotation({ rule, severity, file, line, column, message, fix }: Finding): string {
  const properties = { file, line, col: column, title: rule };
  const text = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${commands[severity]} ${text.join(',')}::${escapeText(`${message}. ${fix}`)}\n`;
}

function escapeText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
