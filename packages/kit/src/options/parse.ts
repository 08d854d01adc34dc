import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { describeError } from '../errors.ts';
import { hidden } from '../mask/credential-name.ts';
import { maskText } from '../mask/mask-text.ts';
import { maskUrl } from '../mask/mask-url.ts';
import { didYouMean } from './nearest.ts';
import { type Config, envOf, flagOf, flagsOf, type Option, type OptionSet, type Program } from './option.ts';

/** What every program can be asked to do instead of its work. */
export type Request = 'help' | 'version' | 'check-config' | 'print-config' | 'probe-live' | 'probe-ready';

export type Parsed<Options extends OptionSet> =
  | {
      readonly ok: true;
      readonly request: Request | undefined;
      readonly config: Config<Options>;
      readonly operands: readonly string[];
      readonly command: readonly string[];
      /** The configuration as text by environment name, secrets hidden: what `--print-config` shows. */
      readonly printable: Readonly<Record<string, string | readonly string[] | null>>;
    }
  /** All faults at once, a line each; `request` and `operands` are what was asked for nevertheless. */
  | {
      readonly ok: false;
      readonly request: Request | undefined;
      readonly faults: readonly string[];
      readonly operands: readonly string[];
    };

export interface Source {
  /** Without the runtime and the script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The raw text of an option and where it came from, as the user would name it. */
interface Given {
  readonly origin: string;
  readonly texts: readonly string[];
}

/**
 * Reads a program's configuration from flags, environment and `NAME_FILE` (for secrets); the flag wins.
 * Never throws: what is wrong comes back as `faults`.
 */
export function parseOptions<Options extends OptionSet>(
  program: Program<Options>,
  source: Source,
): Parsed<Options> {
  const faults: string[] = [];
  const line = readCommandLine(program, source.argv, faults);
  const values: Record<string, unknown> = {};
  const printable: Record<string, string | readonly string[] | null> = {};
  for (const [key, option] of Object.entries(program.options)) {
    const given = line.given.get(key) ?? fromEnvironment(key, option, source.env, faults);
    if (given === undefined && option.default === undefined && option.required) {
      faults.push(`--${flagOf(key, option)}: is required`);
    }
    const texts = given?.texts ?? (option.default === undefined ? [] : [option.default]);
    const read = texts.map((text) =>
      readText(option, text, given?.origin ?? `--${flagOf(key, option)}`, faults),
    );
    values[key] = option.repeatable ? read : read[0];
    const shown = texts.map((text) => shownText(option, text));
    printable[envOf(key, option)] = option.repeatable ? shown : (shown[0] ?? null);
  }
  const { request, operands, command } = line;
  if (faults.length > 0) return { ok: false, request, faults, operands };
  // each key of the set was read by its own kind just above
  const config = Object.freeze(values) as Config<Options>;
  return { ok: true, request, config, operands, command, printable };
}

const requestFlags: Readonly<Record<string, Request>> = {
  help: 'help',
  version: 'version',
  'check-config': 'check-config',
  'print-config': 'print-config',
};

function readCommandLine(program: Program, argv: readonly string[], faults: string[]) {
  const keys = new Map(
    Object.entries(program.options).flatMap(([key, option]) =>
      flagsOf(key, option).map((name) => [name, key] as const),
    ),
  );
  const separator = argv.indexOf('--');
  const before = separator < 0 ? argv : argv.slice(0, separator);
  const command = separator < 0 ? [] : argv.slice(separator + 1);
  if (separator >= 0 && !program.takesCommand) faults.push(`--: ${program.name} takes no command`);
  else if (separator >= 0 && command.length === 0) faults.push('--: expected a command after it');

  const given = new Map<string, Given>();
  const operands: string[] = [];
  let request: Request | undefined;
  let followsUnknown = false;
  for (const token of tokensOf(program, before)) {
    if (token.kind === 'positional') {
      // the word after an unknown option is most likely its value: one fault is enough for both
      if (!followsUnknown && program.operands !== undefined) operands.push(token.value);
      else if (!followsUnknown)
        faults.push(`${quote(maskUrl(token.value))}: ${program.name} takes no operands`);
      followsUnknown = false;
      continue;
    }
    if (token.kind !== 'option') continue;
    followsUnknown = false;
    const isNegated = token.name.startsWith('no-') && !keys.has(token.name);
    const name = isNegated ? token.name.slice(3) : token.name;
    const key = keys.get(name);
    if (key === undefined) {
      const asked = requestOf(token, faults);
      if (asked !== undefined) request = asked;
      else if (token.name !== 'probe') {
        followsUnknown = token.value === undefined;
        faults.push(
          `${maskText(token.rawName)}: unknown option${didYouMean(name, knownFlags(keys), (near) => `--${near}`)}`,
        );
      }
      continue;
    }
    takeOption({ key, option: program.options[key] as Option<unknown>, token, isNegated }, given, faults);
  }
  return { given, operands, command, request };
}

type OptionToken = { readonly name: string; readonly rawName: string; readonly value?: string | undefined };

function tokensOf(program: Program, args: readonly string[]) {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    help: { type: 'boolean', short: 'h' },
    probe: { type: 'string' },
  };
  for (const [key, option] of Object.entries(program.options)) {
    for (const name of flagsOf(key, option)) options[name] = { type: option.isSwitch ? 'boolean' : 'string' };
  }
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  return tokens;
}

function requestOf(token: OptionToken, faults: string[]): Request | undefined {
  if (token.name === 'probe') {
    if (token.value === 'live') return 'probe-live';
    if (token.value === 'ready') return 'probe-ready';
    faults.push(`--probe ${quote(maskUrl(token.value ?? ''))}: expected live or ready`);
    return undefined;
  }
  return token.value === undefined ? requestFlags[token.name] : undefined;
}

function takeOption(
  {
    key,
    option,
    token,
    isNegated,
  }: { key: string; option: Option<unknown>; token: OptionToken; isNegated: boolean },
  given: Map<string, Given>,
  faults: string[],
): void {
  const before = given.get(key);
  if (before !== undefined && !option.repeatable) {
    faults.push(`${token.rawName}: given more than once`);
    return;
  }
  if (isNegated && !option.isSwitch) {
    faults.push(`${token.rawName}: only a switch can be negated`);
    return;
  }
  if (option.isSwitch && token.value !== undefined) {
    faults.push(`${token.rawName} ${quote(maskUrl(token.value))}: a switch takes no value`);
    return;
  }
  const text = option.isSwitch ? String(!isNegated) : token.value;
  if (text === undefined) {
    faults.push(`${token.rawName}: expected a value`);
    return;
  }
  given.set(key, { origin: token.rawName, texts: [...(before?.texts ?? []), text] });
}

function fromEnvironment(
  key: string,
  option: Option<unknown>,
  env: Source['env'],
  faults: string[],
): Given | undefined {
  const name = envOf(key, option);
  const value = env[name];
  const file = option.secret ? env[`${name}_FILE`] : undefined;
  if (value !== undefined && value !== '' && file !== undefined) {
    faults.push(`${name}: given as ${name} and as ${name}_FILE`);
    return undefined;
  }
  if (file !== undefined) {
    try {
      return { origin: `${name}_FILE`, texts: [readSecretFile(file)] };
    } catch (error) {
      // what stands there by mistake is the secret itself, and the error repeats it
      const reason = describeError(error).replaceAll(file, () => maskUrl(file));
      faults.push(`${name}_FILE ${quote(maskUrl(file))}: ${reason}`);
      return { origin: `${name}_FILE`, texts: [] };
    }
  }
  // an empty variable is how a manifest or a compose file says "not set"
  if (value === undefined || value === '') return undefined;
  const texts = option.repeatable
    ? value
        .split(/[,\n]/)
        .map((part) => part.trim())
        .filter((part) => part !== '')
    : [value];
  return { origin: name, texts };
}

/** Reads a mounted secret; the newline that editors and `echo` leave at its end is not part of it. Throws when it cannot be read. */
export function readSecretFile(file: string): string {
  return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
}

function readText(option: Option<unknown>, text: string, origin: string, faults: string[]): unknown {
  const result = z.safeParse(option.kind, text);
  if (result.success) return result.data;
  const expected = result.error.issues[0]?.message ?? 'something else';
  // what was not understood may be a login with odd characters, whatever the option is for
  const shown = text.includes('@') && option.secret !== true ? maskUrl(text) : shownText(option, text);
  faults.push(`${origin} ${quote(shown)}: expected ${expected}`);
  return undefined;
}

const looksLikeUrl = /^[a-z][a-z0-9+.-]{0,31}(?::\/|\/\/)/i;

/** A text that was given for an option as it may be printed: a URL with a login may be given for any of them. */
function shownText(option: Option<unknown>, text: string): string {
  if (option.secret === true) return hidden;
  return option.secret === 'url' || looksLikeUrl.test(text) ? maskUrl(text) : maskText(text);
}

function knownFlags(keys: ReadonlyMap<string, string>): string[] {
  return [...keys.keys(), ...Object.keys(requestFlags), 'probe'];
}

/** A user's text made safe for one line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
