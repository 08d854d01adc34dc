import { byteAt } from '../resp/bytes.ts';
import {
  type BlockingTime,
  type Command,
  deeds,
  inMultiDeeds,
  type MovableKeys,
  merges,
  routes,
  subscriptionKinds,
} from './command.ts';
import described from './commands.json' with { type: 'json' };

/**
 * The rows, with subcommands as "parent sub": group, arity, flags, first key, last key and step as Redis tells them; then
 * its deed (default `plain`), with a detail (`subscribe:pattern`, `block:-1:s`, `block:option`),
 * `in-multi:…` (default `queue`), `route:…` with the way to merge replies (default `key` with keys and
 * `any` without), `keys:…` for keys beyond those that Redis tells, and `from:primary` for reads of
 * more than the content of keys.
 */
const rows: ReadonlyArray<readonly [string, string]> = Object.entries(described.commands);

/** The families of commands, in a fixed order: a bounded label for metrics. */
export const families: readonly string[] = [
  ...new Set(rows.map(([, row]) => row.split(' ', 1)[0] ?? '')).add('other'),
];

/** Describes every command that is not in the table: newer ones, and those of modules. */
export const unknownCommand: Command = describe('', 'other -1 - 0 0 0', undefined);

/** Index of commands by name, looked up by the bytes of a request without making a string. */
export class CommandTable {
  readonly #slots: Array<{ readonly folded: Uint8Array; readonly command: Command } | undefined>;
  readonly #mask: number;

  constructor(commands: Iterable<Command> = allCommands()) {
    const all = [...commands];
    const size = 2 ** Math.ceil(Math.log2(all.length * 4));
    this.#mask = size - 1;
    this.#slots = new Array(size).fill(undefined);
    for (const command of all) {
      const name = Buffer.from(command.name);
      let slot = hashOf(name, 0, name.length) & this.#mask;
      while (this.#slots[slot] !== undefined) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = { folded: name.map((byte) => byte | caseBit), command };
    }
  }

  /** Finds the command named by the bytes in [start, end), in any case; else `unknownCommand`. */
  find(bytes: Uint8Array, start: number, end: number): Command {
    let slot = hashOf(bytes, start, end) & this.#mask;
    for (;;) {
      const entry = this.#slots[slot];
      if (entry === undefined) return unknownCommand;
      if (entry.folded.length === end - start && isSame(entry.folded, bytes, start)) return entry.command;
      slot = (slot + 1) & this.#mask;
    }
  }
}

/** All commands with a row; subcommands belong to their parents. */
export function* allCommands(): Generator<Command> {
  for (const [name, row] of rows) {
    if (name.includes(' ')) continue;
    const subcommands = rows
      .filter(([other]) => other.startsWith(`${name} `))
      .map(([other, of]) => [other.slice(name.length + 1), describe(other, of, undefined)] as const);
    yield describe(name, row, subcommands.length === 0 ? undefined : new Map(subcommands));
  }
}

/** Bit that differs by case in letters. Other bytes may be confused; the upstream then reports the error. */
const caseBit = 0x20;

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at++) hash = (hash * 31 + (byteAt(bytes, at) | caseBit)) | 0;
  return hash;
}

function isSame(folded: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < folded.length; at++) {
    if (byteAt(folded, at) !== (byteAt(bytes, start + at) | caseBit)) return false;
  }
  return true;
}

function describe(
  spacedName: string,
  row: string,
  subcommands: ReadonlyMap<string, Command> | undefined,
): Command {
  const [family = '', arity, flagList = '', first, last, step, ...words] = row.split(' ');
  const flags = flagList.split(',');
  const tagged = (tag: string) => detailsOf(tag, words);
  const [inMulti = 'queue'] = tagged('in-multi');
  const isOwn = (word: string) => !/^(?:in-multi|route|keys|from):/.test(word);
  const [does = 'plain', ...detail] = words.find(isOwn)?.split(':') ?? [];
  const movableKeys = readMovable(tagged('keys'));
  const hasKeys = first !== '0' || movableKeys !== undefined;
  const [route = hasKeys ? 'key' : 'any', merge] = tagged('route');
  const isRead = flags.includes('readonly');
  const hasPlainSubcommands = [...(subcommands?.values() ?? [])].every((one) => one.does === 'plain');
  return {
    name: spacedName.replace(' ', '|'),
    family,
    familyIndex: families.indexOf(family),
    arity: Number(arity),
    isRead,
    isForReplicas: isRead && does === 'plain' && hasKeys && !words.includes('from:primary'),
    isWrite: flags.includes('write'),
    isBeforeLogin: flags.includes('no_auth'),
    does: oneOf(deeds, does),
    inMulti: oneOf(inMultiDeeds, inMulti),
    isPlain: does === 'plain' && hasPlainSubcommands,
    subscribesTo: oneOf(subscriptionKinds, does === 'subscribe' ? detail[0] : 'channel'),
    blockingTime: readTime(detail),
    keys: [Number(first), Number(last), Number(step)],
    hasMovableKeys: flags.includes('movablekeys'),
    movableKeys,
    isOfOneKey: `${first} ${last}` === '1 1' && movableKeys === undefined && route === 'key',
    route: oneOf(routes, route),
    merge: merge === undefined ? undefined : oneOf(merges, merge),
    subcommands,
  };
}

/** `route`, [`route:all:sum`] → [`all`, `sum`]. */
function detailsOf(tag: string, words: readonly string[]): readonly string[] {
  const word = words.find((one) => one.startsWith(`${tag}:`));
  return word?.slice(tag.length + 1).split(':') ?? [];
}

function readMovable([kind, at, step = '1']: ReadonlyArray<string>): MovableKeys | undefined {
  if (kind === undefined) return undefined;
  if (kind === 'streams' || kind === 'store') return { kind };
  return { kind: oneOf(['count'], kind), at: Number(at), step: Number(step) };
}

function readTime([at, unit]: readonly string[]): BlockingTime {
  if (unit === undefined) return 'option';
  return { at: Number(at), unitMs: unit === 's' ? 1000 : 1 };
}

/** @throws Error for a row with an unknown word */
function oneOf<Word extends string>(words: readonly Word[], text: string | undefined): Word {
  const word = words.find((one) => one === text);
  if (word === undefined) throw new Error(`commands.json: no meaning for "${text}"`);
  return word;
}
