import type { Reader } from './reader.ts';
import { toggle } from './readers.ts';

export interface OptionText {
  /** One sentence without a full stop, for `--help` and the README. */
  readonly description: string;
  /** Stands for the value in `--help`: `HOST:PORT`. None for a switch, nor for an enumeration, which has its words. */
  readonly placeholder?: string;
  /** `--flag` when it is not the key in kebab-case (without the dashes). */
  readonly flag?: string;
  /** A second name of the flag: the common one, if `flag` is that of a program that ours replaces. */
  readonly alias?: string;
  /** A former name of the flag: still accepted, no longer shown. */
  readonly deprecatedFlag?: string;
  /** Environment variable when it is not the flag in UPPER_SNAKE. */
  readonly env?: string;
  /** The text of a secret is never shown. Of a `url` only the possible secrets are hidden. */
  readonly secret?: boolean | 'url';
}

/** One option of a program. `Value` is its type in the program's configuration. */
export interface Option<Value> extends OptionText {
  readonly reader: Reader<unknown>;
  /** As a user would write it; is read like any other text. */
  readonly default?: string;
  readonly required?: boolean;
  /** May be given several times; in the environment the values are separated by commas, or each has a line of its own. */
  readonly repeatable?: boolean;
  /** A comma belongs to a value: in the environment only lines separate them. */
  readonly hasCommas?: boolean;
  /** A switch: `--name`, `--no-name`; in the environment `true` or `false`. */
  readonly isSwitch?: boolean;
  /** Carries the type only; never set. */
  readonly valueType?: Value;
}

/** Declares an option. With a default or `required` its value is always there. */
export function option<Value>(reader: Reader<Value>, text: OptionText & { default: string }): Option<Value>;
export function option<Value>(reader: Reader<Value>, text: OptionText & { required: true }): Option<Value>;
export function option<Value>(reader: Reader<Value>, text: OptionText): Option<Value | undefined>;
export function option<Value>(reader: Reader<Value>, text: OptionText): Option<Value> {
  return { reader, ...text };
}

/** Declares an option that may be given several times; its value is a list, empty when it is not given. */
export function repeatable<Value>(
  reader: Reader<Value>,
  text: OptionText & { default?: string; required?: true; hasCommas?: true },
): Option<readonly Value[]> {
  return { reader, repeatable: true, ...text };
}

/** Declares a switch: `--name` and `--no-name`. */
export function flag(text: OptionText & { default?: 'true' | 'false' }): Option<boolean> {
  return { reader: toggle, isSwitch: true, default: 'false', ...text };
}

export type OptionSet = Readonly<Record<string, Option<unknown>>>;

/** The parsed values of a set of options. */
export type Config<Options extends OptionSet> = {
  readonly [Key in keyof Options]: Options[Key] extends Option<infer Value> ? Value : never;
};

/** A program as its user sees it: the only place where its options are described. */
export interface Program<Options extends OptionSet = OptionSet> {
  /** As in `packages/<name>`, and the prefix of its metrics with `_` for `-`. */
  readonly name: string;
  readonly version: string;
  /** One line for the top of `--help`. */
  readonly summary: string;
  readonly options: Options;
  /** How the operands are called in `--help` (`TARGET…`); without it operands are refused. */
  readonly operands?: string;
  /** Whether a word behind an unknown option looks like an operand, and not like that option's value. */
  readonly isOperand?: (word: string) => boolean;
  /** Whether a command may follow after `--`. */
  readonly takesCommand?: boolean;
  /** Text of `--help` below the options. */
  readonly notes?: string;
  /** Commands that work as they stand, at the end of `--help`. */
  readonly examples?: readonly Example[];
}

/** A shell command and its purpose. */
export interface Example {
  readonly purpose: string;
  readonly command: string;
}

/** Only services have an admin port, which `--probe` asks. */
export function isService({ options }: Program): boolean {
  return 'adminListen' in options;
}

/** `shutdownTimeout` → `shutdown-timeout`. */
export function flagOf(key: string, option: Option<unknown>): string {
  return option.flag ?? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** All names of the flag, the one that is shown first. */
export function flagsOf(key: string, option: Option<unknown>): string[] {
  return option.alias === undefined ? [flagOf(key, option)] : [flagOf(key, option), option.alias];
}

/** `shutdown-timeout` → `SHUTDOWN_TIMEOUT`. */
export function envOf(key: string, option: Option<unknown>): string {
  return option.env ?? flagOf(key, option).replace(/[-.]/g, '_').toUpperCase();
}

/** All variables that can give the value: a secret may stand in the file that `NAME_FILE` names. */
export function envsOf(key: string, option: Option<unknown>): string[] {
  const name = envOf(key, option);
  return option.secret ? [name, `${name}_FILE`] : [name];
}
