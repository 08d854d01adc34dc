import { envOf, flagsOf, type Option, type Program } from './option.ts';

const requests: ReadonlyArray<readonly [string, string]> = [
  ['--help', 'Show this and exit'],
  ['--version', 'Show the version and exit'],
  ['--check-config', 'Say whether the configuration is valid and exit'],
  ['--print-config', 'Show the configuration as JSON, secrets hidden, and exit'],
];

/** The text of `--help`. */
export function helpText(program: Program): string {
  const operands = program.operands === undefined ? '' : ` ${program.operands}`;
  const command = program.takesCommand ? ' [-- COMMAND ARG…]' : '';
  const rows: Array<readonly [string, string]> = Object.entries(program.options).map(([key, option]) => [
    usage(key, option),
    `${option.description}${remark(option)} [${envOf(key, option)}]`,
  ]);
  const probe: Array<readonly [string, string]> =
    'adminListen' in program.options
      ? [['--probe live|ready', 'Ask the running program on its admin port and exit 0 or 1']]
      : [];
  const all = [...rows, ...probe, ...requests];
  const width = Math.min(34, Math.max(...all.map(([left]) => left.length)));
  const lines = all.map(([left, right]) =>
    left.length > width ? `  ${left}\n  ${' '.repeat(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`,
  );
  const notes = program.notes === undefined ? '' : `\n${program.notes.trimEnd()}\n`;
  return `${program.name} ${program.version}: ${program.summary}\n\nUsage: ${program.name} [OPTION…]${operands}${command}\n\nOptions:\n${lines.join('\n')}\n${notes}`;
}

/** The option table of a README: GitHub Markdown, a row an option. */
export function optionTable(program: Program): string {
  const rows = Object.entries(program.options).map(([key, option]) => {
    const fallback =
      option.default === undefined ? (option.required ? '**required**' : '–') : code(option.default);
    const env = option.secret
      ? `${code(envOf(key, option))}, ${code(`${envOf(key, option)}_FILE`)}`
      : code(envOf(key, option));
    return `| ${code(usage(key, option))} | ${env} | ${fallback} | ${option.description.replaceAll('|', '\\|')} |`;
  });
  return ['| option | environment | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function usage(key: string, option: Option<unknown>): string {
  const isOnByDefault = option.isSwitch && option.default === 'true';
  const flags = flagsOf(key, option).map((flag) => (isOnByDefault ? `--no-${flag}` : `--${flag}`));
  const value = option.isSwitch ? '' : ` ${option.placeholder ?? 'VALUE'}${option.repeatable ? ' …' : ''}`;
  return flags.join(', ') + value;
}

function remark(option: Option<unknown>): string {
  if (option.required) return ' (required)';
  return option.default === undefined || option.isSwitch ? '' : ` (default ${option.default})`;
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
