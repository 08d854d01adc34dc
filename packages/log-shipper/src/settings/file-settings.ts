import type { Multiline } from '../frame/step.ts';
import type { Pattern } from '../pattern/pattern.ts';
import type { RateLimit } from '../pump/allowance.ts';
import type { Parse } from '../record/parse.ts';
import type { TimeFormat } from '../record/time/format.ts';
import type { TimeZone } from '../record/time/zone.ts';
import type { EncodingChoice } from '../tail/encoding.ts';
import { type Glob, matchesGlobs } from '../tail/glob.ts';

/** Settings of a file: how it is read, and where its lines go. */
export interface FileSettings {
  readonly encoding: EncodingChoice;
  readonly parse: Parse;
  readonly timeZone: TimeZone;
  readonly timeFormat: TimeFormat | undefined;
  readonly multiline: Multiline | undefined;
  readonly rateLimit: RateLimit | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Names of the sinks that get the lines; by default all. */
  readonly sinks: readonly string[] | undefined;
}

/** Settings for the files of some paths; the options apply to the rest. */
export interface Rule {
  readonly globs: readonly Glob[];
  readonly settings: Partial<FileSettings>;
  /** Its named groups become labels, with their matches in the path as values. */
  readonly pathLabels: Pattern | undefined;
}

/** Rotation can make any number of new names. */
const mostRemembered = 1000;

/** Finds the settings of each file. Files with the same settings share one object. */
export class Settings {
  readonly #options: FileSettings;
  readonly #rules: readonly Rule[];
  readonly #known = new Map<string, FileSettings>();

  constructor(options: FileSettings, rules: readonly Rule[]) {
    this.#options = options;
    this.#rules = rules;
  }

  /** The index of the first rule for a path, or -1. */
  ruleOf(path: string): number {
    return this.#rules.findIndex(({ globs }) => matchesGlobs(globs, path));
  }

  of(path: string): FileSettings {
    const index = this.ruleOf(path);
    const rule = this.#rules[index];
    if (rule === undefined) return this.#options;
    const fromPath = Object.fromEntries(rule.pathLabels?.groups(path) ?? []);
    const key = `${index} ${JSON.stringify(fromPath)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const labels = { ...this.#options.labels, ...rule.settings.labels, ...fromPath };
    const settings = { ...this.#options, ...rule.settings, labels };
    if (this.#known.size >= mostRemembered) this.#known.clear();
    this.#known.set(key, settings);
    return settings;
  }
}
