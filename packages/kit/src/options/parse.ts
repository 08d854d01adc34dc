import { readFileSync } from 'node:fs';
import { describeError } from '../errors.ts';
import { hidden } from '../mask/credential-name.ts';
import { maskText } from '../mask/mask-text.ts';
import { maskUrl } from '../mask/mask-url.ts';
import { type Given, type Request, readCommandLine } from './command-line.ts';
import { type Config, envOf, envsOf, flagOf, type Option, type OptionSet, type Program } from './option.ts';
import { quote } from './quote.ts';
import { Refusal } from './reader.ts';

export type Parsed<Options extends OptionSet> =
  | {
      readonly ok: true;
      readonly request: Request | undefined;
      readonly config: Config<Options>;
      readonly operands: readonly string[];
      readonly command: readonly string[];
      /** The configuration as text by environment name, secrets hidden, for `--print-config`. */
      readonly printable: () => Readonly<Record<string, string | readonly string[] | null>>;
    }
  /** All faults at once, a line each; the rest is what was asked for nevertheless. */
  | {
      readonly ok: false;
      readonly request: Request | undefined;
      readonly faults: readonly string[];
      readonly operands: readonly string[];
      /** Present if all options are valid and only other arguments are wrong. */
      readonly config: Config<Options> | undefined;
      /** The options that are right, whatever is wrong with others. */
      readonly right: Partial<Config<Options>>;
    };

export interface Source {
  /** Without the runtime and the script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads a program's configuration from flags, environment and `NAME_FILE` (for secrets); the flag wins.
 * Never throws: `faults` has the errors.
 */
export function parseOptions<Options extends OptionSet>(
  program: Program<Options>,
  source: Source,
): Parsed<Options> {
  const { request, operands, command, strangers, ...line } = readCommandLine(program, source.argv);
  const faults = [...line.faults];
  const values: Record<string, unknown> = {};
  const allTexts: Record<string, readonly string[]> = {};
  for (const [key, option] of Object.entries(program.options)) {
    const given = line.given.get(key) ?? fromEnvironment(key, option, source.env, faults);
    const flag = `--${flagOf(key, option)}`;
    if (given === undefined && option.default === undefined && option.required) {
      faults.push(
        `${flag}: is required (or ${envsOf(key, option).join(', ')}): expected ${option.reader.expected}`,
      );
    }
    const texts = given?.texts ?? (option.default === undefined ? [] : [option.default]);
    const read = texts
      .map((text) => readText(option, text, given?.origin ?? flag, faults))
      .filter((value) => value !== undefined);
    values[key] = option.repeatable ? read : read[0];
    allTexts[key] = texts;
  }
  // each key of the set was read by its own reader just above
  const config = faults.length > 0 ? undefined : (Object.freeze(values) as Config<Options>);
  if (config !== undefined && strangers.length === 0)
    return { ok: true, request, config, operands, command, printable: () => print(program, allTexts) };
  const right = values as Partial<Config<Options>>; // by the same readers
  return { ok: false, request, faults: [...strangers, ...faults], operands, config, right };
}

function print(
  { options }: Program,
  texts: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, string | readonly string[] | null>> {
  const entries = Object.entries(options).map(([key, option]) => {
    const shown = (texts[key] ?? []).map((text) => shownText(option, text));
    return [envOf(key, option), option.repeatable ? shown : (shown[0] ?? null)] as const;
  });
  return Object.fromEntries(entries);
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
      // the path may be the secret itself by mistake, and the error repeats it
      const reason = describeError(error).replaceAll(file, () => maskUrl(file));
      faults.push(`${name}_FILE ${quote(maskUrl(file))}: ${reason}`);
      return { origin: `${name}_FILE`, texts: [] };
    }
  }
  // an empty variable is how a manifest or a compose file says "not set"
  if (value === undefined || value === '') return undefined;
  const texts = option.repeatable
    ? value
        .split(option.hasCommas ? '\n' : /[,\n]/)
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
  const value = option.reader.read(text);
  if (value !== undefined && !(value instanceof Refusal)) return value;
  const reason = value?.reason ?? `expected ${option.reader.expected}`;
  // an unreadable value may be a login with odd characters, whatever the option
  const isLogin = text.includes('@') && option.secret !== true && !namedUrl.test(text);
  const shown = isLogin ? maskUrl(text) : shownText(option, text);
  faults.push(`${origin} ${quote(shown)}: ${reason}`);
  return undefined;
}

const looksLikeUrl = /^[a-z][a-z0-9+.-]{0,31}(?::\/|\/\/)/i;

/** `NAME=URL`: the name is never secret. */
const namedUrl = /^([\w.-]{1,63}=)([a-z][a-z0-9+.-]{0,31}(?::\/|\/\/).*)$/is;

/** A text that was given for an option as it may be printed: a URL with a login may be given for any of them. */
function shownText(option: Option<unknown>, text: string): string {
  if (option.secret === true) return hidden;
  const [, name, url] = namedUrl.exec(text) ?? [];
  if (name !== undefined && url !== undefined) return name + maskUrl(url);
  return option.secret === 'url' || looksLikeUrl.test(text) ? maskUrl(text) : maskText(text);
}
