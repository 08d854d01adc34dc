import { maskText } from '../mask/mask-text.ts';
import { maskUrl } from '../mask/mask-url.ts';
import { nearest } from './nearest.ts';
import { flagsOf, isService, type Option, type Program } from './option.ts';
import { quote } from './quote.ts';

/** Requests that every program answers instead of doing its work. */
export type Request = 'help' | 'version' | 'check-config' | 'print-config' | 'probe-live' | 'probe-ready';

/** The raw text of an option and where it came from, as the user would name it. */
export interface Given {
  readonly origin: string;
  readonly texts: readonly string[];
}

/** A command line split into its parts; values are not read yet. */
export interface CommandLine {
  readonly given: ReadonlyMap<string, Given>;
  readonly operands: readonly string[];
  readonly command: readonly string[];
  readonly request: Request | undefined;
  /** Arguments that belong to no option: the configuration is complete without them. */
  readonly strangers: readonly string[];
  /** Faults of options. */
  readonly faults: readonly string[];
}

const requests = ['help', 'version', 'check-config', 'print-config'] as const;

/** A flag as it was written: `--links=3` has the value 3. */
interface Flag {
  readonly written: string;
  readonly name: string;
  readonly value: string | undefined;
}

/** Splits a command line, or reports all its faults. */
export function readCommandLine(program: Program, argv: readonly string[]): CommandLine {
  return new Reader(program, argv).read();
}

class Reader {
  readonly #program: Program;
  /** Of all names of flags, the key of the option. */
  readonly #keys: ReadonlyMap<string, string>;
  /** All that can stand behind two dashes. */
  readonly #names: ReadonlySet<string>;
  readonly #words: string[];
  readonly #command: readonly string[] | undefined;
  readonly #given = new Map<string, Given>();
  readonly #operands: string[] = [];
  readonly #strangers: string[] = [];
  readonly #faults: string[] = [];
  #request: Request | undefined;

  constructor(program: Program, argv: readonly string[]) {
    this.#program = program;
    const options = Object.entries(program.options);
    const flags = options.flatMap(([key, option]) =>
      flagsOf(key, option).map((name) => [name, key] as const),
    );
    const deprecated = options.flatMap(([key, { deprecatedFlag: name }]) =>
      name === undefined ? [] : [[name, key] as const],
    );
    this.#keys = new Map([...flags, ...deprecated]);
    this.#names = new Set([
      ...flags.map(([name]) => name),
      ...requests,
      ...(isService(program) ? ['probe'] : []),
    ]);
    const separator = argv.indexOf('--');
    this.#words = separator < 0 ? [...argv] : argv.slice(0, separator);
    this.#command = separator < 0 ? undefined : argv.slice(separator + 1);
  }

  read(): CommandLine {
    const { name, takesCommand } = this.#program;
    if (this.#command !== undefined && !takesCommand) this.#strangers.push(`--: ${name} takes no command`);
    else if (this.#command?.length === 0) this.#strangers.push('--: expected a command after it');
    for (let word = this.#words.shift(); word !== undefined; word = this.#words.shift()) this.#take(word);
    return {
      given: this.#given,
      operands: this.#operands,
      command: this.#command ?? [],
      request: this.#request,
      strangers: this.#strangers,
      faults: this.#faults,
    };
  }

  #take(word: string): void {
    if (word.startsWith('-') && word !== '-') this.#takeFlag(readFlag(word));
    else if (this.#program.operands !== undefined) this.#operands.push(word);
    else this.#strangers.push(`${quote(maskUrl(word))}: ${this.#program.name} takes no operands`);
  }

  #takeFlag(flag: Flag): void {
    const { written, name } = flag;
    const request = requests.find((one) => written === `--${one}` || (one === 'help' && written === '-h'));
    const isNegated = !this.#keys.has(name) && name.startsWith('no-');
    const key = this.#keys.get(isNegated ? name.slice('no-'.length) : name);
    if (request !== undefined) this.#takeRequest(request, flag);
    else if (written === '--probe' && isService(this.#program)) this.#takeProbe(flag);
    else if (key === undefined || !written.startsWith('--')) this.#takeUnknown(flag);
    // `#keys` holds only keys of the options
    else this.#takeOption(key, this.#program.options[key] as Option<unknown>, { ...flag, isNegated });
  }

  #takeRequest(request: Request, { written, value }: Flag): void {
    if (value === undefined) this.#request = request;
    else this.#strangers.push(`${written} ${quote(maskUrl(value))}: takes no value`);
  }

  #takeProbe({ value = this.#nextValue() ?? '' }: Flag): void {
    if (value === 'live' || value === 'ready') this.#request = `probe-${value}`;
    else this.#strangers.push(`--probe ${quote(maskUrl(value))}: expected live or ready`);
  }

  /** The next word is its value if the most similar flag takes one, or if the word can be nothing else. */
  #takeUnknown({ written, name, value }: Flag): void {
    const near = nearest(name.replace(/^no-/, ''), this.#names);
    const meant = near === undefined ? '' : ` (did you mean --${near}?)`;
    this.#strangers.push(`${maskText(written)}: unknown option${meant}`);
    const { options, operands, isOperand = () => true } = this.#program;
    const option = options[this.#keys.get(near ?? '') ?? ''];
    const word = this.#words[0] ?? '';
    const hasValue =
      near === undefined
        ? operands === undefined || !isOperand(word)
        : near === 'probe' || (option !== undefined && !option.isSwitch);
    if (value === undefined && hasValue) this.#nextValue();
  }

  #takeOption(
    key: string,
    option: Option<unknown>,
    { written, value, isNegated }: Flag & { readonly isNegated: boolean },
  ): void {
    const before = this.#given.get(key);
    const texts = before?.texts ?? [];
    // also where its value is wrong: it is not missing then
    this.#given.set(key, { origin: written, texts });
    const text = option.isSwitch ? String(!isNegated) : (value ?? this.#nextValue());
    if (isNegated && !option.isSwitch) {
      this.#faults.push(`${written}: only a switch can be negated`);
    } else if (option.isSwitch && value !== undefined) {
      this.#faults.push(`${written} ${quote(maskUrl(value))}: a switch takes no value`);
    } else if (text === undefined) {
      this.#faults.push(`${written}: has no value: expected ${option.reader.expected}${this.#hint(written)}`);
    } else if (before !== undefined && !option.repeatable) {
      this.#faults.push(`${written}: given more than once`);
    } else this.#given.set(key, { origin: written, texts: [...texts, text] });
  }

  /** The next word, unless it begins with two dashes: a forgotten value must not take the next option for one. */
  #nextValue(): string | undefined {
    return this.#words[0]?.startsWith('--') ? undefined : this.#words.shift();
  }

  #hint(written: string): string {
    const [next = ''] = this.#words[0]?.split('=', 1) ?? [];
    const isForgotten = next === '' || this.#names.has(next.slice(2));
    return isForgotten ? '' : `; write a value that begins with -- as ${written}=--…`;
  }
}

function readFlag(word: string): Flag {
  const equals = word.indexOf('=');
  const written = equals < 0 ? word : word.slice(0, equals);
  const value = equals < 0 ? undefined : word.slice(equals + 1);
  return { written, name: written.replace(/^--?/, ''), value };
}
