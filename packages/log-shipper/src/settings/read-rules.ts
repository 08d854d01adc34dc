import { readFileSync } from 'node:fs';
import { describeError, didYouMean, quote, type Reader, Refusal } from '@pod-patterns/kit';
import { parse as parseYaml } from 'yaml';
import { Pattern, readSlashed } from '../pattern/pattern.ts';
import { encoding, isLabelName, multiline, parse, rateLimit, timeFormat, timeZone } from '../readers.ts';
import { globsOf } from '../tail/glob.ts';
import type { FileSettings, Rule } from './file-settings.ts';

/** The rules of a file, and its faults, one line each. */
export interface RulesRead {
  readonly rules: readonly Rule[];
  readonly faults: readonly string[];
}

/** Settings in the notation of their options. */
const simple = {
  encoding: ['encoding', encoding],
  parse: ['parse', parse],
  'time-zone': ['timeZone', timeZone],
  'time-format': ['timeFormat', timeFormat],
  multiline: ['multiline', multiline],
  'rate-limit': ['rateLimit', rateLimit],
} as const satisfies Readonly<Record<string, readonly [keyof FileSettings, Reader<unknown>]>>;

const keys = ['paths', ...Object.keys(simple), 'labels', 'path-labels', 'sinks'];

/** Reads the file of `--config`. `sinks` are the names of all sinks. */
export function readRules(path: string | undefined, sinks: readonly string[]): RulesRead {
  if (path === undefined) return { rules: [], faults: [] };
  const faults: string[] = [];
  const complain = (place: string, reason: string) => {
    faults.push(`--config ${quote(path)}: ${place === '' ? '' : `${place}: `}${reason}`);
  };
  const files = readFiles(path, complain);
  const rules = files.map((entry, index) => {
    const at = (place: string) => `files[${index}]${place}`;
    return new RuleReader(entry, (place, reason) => complain(at(place), reason)).read(sinks);
  });
  return { rules, faults };
}

type Complain = (place: string, reason: string) => void;

function readFiles(path: string, complain: Complain): Array<Readonly<Record<string, unknown>>> {
  try {
    const document: unknown = parseYaml(readFileSync(path, 'utf8'));
    if (isObject(document)) {
      const { files, ...others } = document;
      for (const key of Object.keys(others))
        complain('', `unknown key ${quote(key)}${didYouMean(key, ['files'])}`);
      if (Array.isArray(files) && files.every(isObject)) return files;
    }
    complain('', 'expected a list named "files"');
  } catch (error) {
    const [reason = ''] = describeError(error).split('\n');
    complain('', reason.replace(/:$/, ''));
  }
  return [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads one entry, and reports all its faults. */
class RuleReader {
  readonly #entry: Readonly<Record<string, unknown>>;
  readonly #complain: Complain;

  constructor(entry: Readonly<Record<string, unknown>>, complain: Complain) {
    this.#entry = entry;
    this.#complain = complain;
  }

  read(sinks: readonly string[]): Rule {
    for (const key of Object.keys(this.#entry)) {
      if (!keys.includes(key)) this.#complain('', `unknown key ${quote(key)}${didYouMean(key, keys)}`);
    }
    const settings: Record<string, unknown> = {};
    for (const [key, [name, reader]] of Object.entries(simple)) {
      const value = this.#value(key, reader);
      if (value !== undefined) settings[name] = value;
    }
    const labels = this.#labels();
    const chosen = this.#sinks(sinks);
    return {
      globs: globsOf(this.#paths()),
      // each value was read by the reader of its option
      settings: {
        ...(settings as Partial<FileSettings>),
        ...(labels && { labels }),
        ...(chosen && { sinks: chosen }),
      },
      pathLabels: this.#pathLabels(),
    };
  }

  #value(key: string, { read, expected }: Reader<unknown>): unknown {
    const text = this.#entry[key];
    if (text === undefined) return undefined;
    const value = typeof text === 'string' ? read(text) : undefined;
    if (value !== undefined && !(value instanceof Refusal)) return value;
    const shown = typeof text === 'string' ? quote(text) : JSON.stringify(text);
    this.#complain(`.${key} ${shown}`, value instanceof Refusal ? value.reason : `expected ${expected}`);
    return undefined;
  }

  #texts(key: string): string[] {
    const value = this.#entry[key];
    const texts = [value].flat();
    if (value !== undefined && texts.length > 0 && texts.every((text) => typeof text === 'string'))
      return texts;
    this.#complain(`.${key}`, 'expected a string or a list of strings');
    return [];
  }

  #paths(): string[] {
    return this.#texts('paths');
  }

  #labels(): Record<string, string> | undefined {
    const { labels } = this.#entry;
    if (labels === undefined) return undefined;
    const entries = isObject(labels) ? Object.entries(labels) : [];
    const isRight = entries.every(([name, value]) => isLabelName(name) && typeof value === 'string');
    if (isObject(labels) && isRight)
      return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
    this.#complain('.labels', 'expected names with strings, such as team: payments');
    return undefined;
  }

  #pathLabels(): Pattern | undefined {
    const key = 'path-labels';
    const text = this.#entry[key];
    if (text === undefined) return undefined;
    const pattern = typeof text === 'string' ? readSlashed(text) : undefined;
    if (pattern instanceof Pattern && pattern.names.length > 0) return pattern;
    const expected = 'expected /REGEX/ with a named group for each label, such as (?<app>[^/]+)';
    this.#complain(`.${key}`, pattern instanceof Refusal ? pattern.reason : expected);
    return undefined;
  }

  #sinks(known: readonly string[]): string[] | undefined {
    if (this.#entry['sinks'] === undefined) return undefined;
    const names = this.#texts('sinks');
    for (const name of names.filter((one) => !known.includes(one))) {
      this.#complain(`.sinks ${quote(name)}`, `expected one of ${known.map(quote).join(', ')}`);
    }
    return names;
  }
}
