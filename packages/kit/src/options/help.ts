import { type Example, envsOf, flagsOf, isService, type Option, type Program } from './option.ts';

type Row = readonly [left: string, right: string];

const probe: Row = ['--probe live|ready', 'Ask the running program on its admin port and exit 0 or 1'];
const requests: readonly Row[] = [
  ['-h, --help', 'Show this and exit'],
  ['--version', 'Show the version and exit'],
  ['--check-config', 'Say whether the configuration is valid and exit'],
  ['--print-config', 'Show the configuration as JSON, secrets hidden, and exit'],
];

/** The text of `--help`. */
export function helpText(program: Program): string {
  const { name, version, summary } = program;
  const operands = program.operands === undefined ? '' : ` ${program.operands}`;
  const command = program.takesCommand ? ' [-- COMMAND ARG…]' : '';
  const options = Object.entries(program.options).map(([key, option]): Row => {
    return [usage(key, option), `${option.description}${remark(option)} [${envsOf(key, option).join(', ')}]`];
  });
  return [
    `${name} ${version}: ${summary}\n\nUsage: ${name} [OPTION…]${operands}${command}\n`,
    `Options:\n${columns([...options, ...(isService(program) ? [probe] : []), ...requests])}\n`,
    ...(program.notes === undefined ? [] : [`${program.notes.trimEnd()}\n`]),
    ...(program.examples === undefined ? [] : [`Examples:\n${examples(program.examples)}\n`]),
  ].join('\n');
}

function columns(rows: readonly Row[]): string {
  const width = Math.min(34, Math.max(...rows.map(([left]) => left.length)));
  return rows
    .map(([left, right]) =>
      left.length > width
        ? `  ${left}\n  ${' '.repeat(width)}  ${right}`
        : `  ${left.padEnd(width)}  ${right}`,
    )
    .join('\n');
}

function examples(all: readonly Example[]): string {
  return all.map(({ purpose, command }) => `  # ${purpose}\n  ${command}`).join('\n');
}

/** The option table of a README: GitHub Markdown, a row an option. */
export function optionTable(program: Program): string {
  const rows = Object.entries(program.options).map(([key, option]) => {
    const env = envsOf(key, option).map(code).join(', ');
    const meaning = option.description.replaceAll('|', '\\|');
    return `| ${code(usage(key, option))} | ${env} | ${fallback(option)} | ${meaning} |`;
  });
  return ['| option | environment | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function usage(key: string, option: Option<unknown>): string {
  // an option that is on by default exists to be switched off; its description says what it does while on
  const dashes = isOnByDefault(option) ? '--[no-]' : '--';
  const flags = flagsOf(key, option).map((flag) => dashes + flag);
  const { words = [] } = option.reader;
  const value = words.length > 0 ? words.join('|') : (option.placeholder ?? 'VALUE');
  return flags.join(', ') + (option.isSwitch ? '' : ` ${value}${option.repeatable ? ' …' : ''}`);
}

function remark(option: Option<unknown>): string {
  if (option.required) return ' (required)';
  if (option.isSwitch) return isOnByDefault(option) ? ' (default on)' : '';
  return option.default === undefined ? '' : ` (default ${option.default})`;
}

function fallback(option: Option<unknown>): string {
  if (option.isSwitch) return isOnByDefault(option) ? 'on' : 'off';
  if (option.default !== undefined) return code(option.default);
  return option.required ? '**required**' : '–';
}

function isOnByDefault({ isSwitch, default: text }: Option<unknown>): boolean {
  return isSwitch === true && text === 'true';
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
