import { byteAt } from '../resp/bytes.ts';
import described from './commands.json' with { type: 'json' };
import { type Route, routes } from './routes.ts';

/** What is known of a command. Of one that this table does not have, only the name is. */
export interface Command {
  /** In lower case; of a subcommand `client|id`, as Redis writes it. */
  readonly name: string;
  /** Redis' own grouping, for figures: `string`, `list`, …; `other` for a command that is not in the table. */
  readonly family: string;
  /** Index of the family in `families`. */
  readonly familyIndex: number;
  /** Number of arguments with the name; a negative one is the least number. */
  readonly arity: number;
  /** Never changes data, so it may be sent again when its reply was lost. */
  readonly isRead: boolean;
  readonly isWrite: boolean;
  readonly route: Route;
  /** Positions of its keys: first, last (negative: from the end), step; 0 0 0 for none. */
  readonly keys: readonly [first: number, last: number, step: number];
  /** Whether it has further keys, whose place depends on other arguments. */
  readonly hasMovableKeys: boolean;
  readonly subcommands: ReadonlyMap<string, Command> | undefined;
}

const rows: ReadonlyArray<readonly [string, string]> = Object.entries(described.commands);

/** The families of commands, in a fixed order: a bounded label for metrics. */
export const families: readonly string[] = [
  ...new Set(rows.map(([, row]) => row.split(' ', 1)[0] ?? '')),
  'other',
];

/** Stands for every command that the table does not have: newer ones, and those of modules. */
export const unknownCommand: Command = describe('', 'other -1 - 0 0 0', undefined);

/** Commands by name, found from the bytes of a request without making a string of them. */
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

  /** The command whose name, in any case, fills [start, end); `unknownCommand` when there is none. */
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

/** Whether a request with this many arguments, its name among them, passes Redis' first check. */
export function hasRightArity(command: Command, argumentCount: number): boolean {
  return command.arity >= 0 ? argumentCount === command.arity : argumentCount >= -command.arity;
}

/** Letters differ in this bit by case. Other bytes may be taken for each other, of which upstream then complains. */
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

function* allCommands(): Generator<Command> {
  for (const [name, row] of rows) {
    if (name.includes(' ')) continue;
    const subcommands = rows
      .filter(([other]) => other.startsWith(`${name} `))
      .map(([other, of]) => [other.slice(name.length + 1), describe(other, of, undefined)] as const);
    yield describe(name, row, subcommands.length === 0 ? undefined : new Map(subcommands));
  }
  // routed apart, but not described by the Redis that the table was made from
  for (const name of routes.keys()) {
    if (!name.includes('|') && !(name in described.commands))
      yield describe(name, 'other -1 - 0 0 0', undefined);
  }
}

function describe(
  spacedName: string,
  row: string,
  subcommands: ReadonlyMap<string, Command> | undefined,
): Command {
  const name = spacedName.replace(' ', '|');
  const [family = 'other', arity, flagList = '', first, last, step] = row.split(' ');
  const flags = flagList.split(',');
  return {
    name,
    family,
    familyIndex: families.indexOf(family),
    arity: Number(arity),
    isRead: flags.includes('readonly'),
    isWrite: flags.includes('write'),
    route: routes.get(name) ?? (isParent(subcommands) ? 'parent' : 'shared'),
    keys: [Number(first), Number(last), Number(step)],
    hasMovableKeys: flags.includes('movablekeys'),
    subcommands,
  };
}

/** Whether some of the subcommands need another route than most commands. */
function isParent(subcommands: ReadonlyMap<string, Command> | undefined): boolean {
  return subcommands !== undefined && [...subcommands.values()].some(({ route }) => route !== 'shared');
}
