import type { Command, Deed, Route } from './command.ts';
import { allCommands } from './command-table.ts';

/** Where a command goes, to a reader: its route, or what it does that says more than that. */
type Way = Route | 'here' | 'dedicated';

/** In the order of the README, with what becomes of those commands. */
const ways: ReadonlyArray<readonly [Way, string]> = [
  ['key', 'the server that has the keys, which must be one: else `CROSSSLOT`, at once'],
  ['split', 'the servers that have the keys, each with its own; the replies are merged in order'],
  ['all', 'every server that has keys; the replies become one'],
  ['scan', "one server after the other, with cursors of the ambassador's"],
  ['any', 'one server that is there'],
  ['here', "answered here: they are about the client's connection to the ambassador"],
  [
    'dedicated',
    "a connection of the client's own, to the server that has the keys (`XREAD` and `XREADGROUP` if they may block)",
  ],
  ['refused', 'refused: they are about one server, or one connection to it'],
  ['no-cluster', 'answered as Redis does without a Cluster: the app sees one Redis'],
];

const here: ReadonlySet<Deed> = new Set(['here', 'hello', 'select', 'quit', 'reset', 'unblock']);
const dedicated: ReadonlySet<Deed> = new Set([
  ...(['multi', 'watch', 'unwatch', 'subscribe', 'monitor', 'block', 'await-writes'] as const),
  ...(['dedicated', 'pin', 'track'] as const),
]);

/** Too many to be listed: all that no other row has. */
const rest: Partial<Readonly<Record<Way, string>>> = {
  key: 'all others of keys; of a command that nobody knows the first argument is taken for its key',
  any: 'all others without a key',
};

/** The README's table of where commands go when keys lie on several servers. */
export function routeTable(): string {
  const names = new Map<Way, string[]>();
  for (const command of allCommands()) {
    for (const [way, name] of placesOf(command)) names.set(way, [...(names.get(way) ?? []), name]);
  }
  const rows = ways.map(([way, meaning]) => {
    const list = (names.get(way) ?? []).map((name) => `\`${name}\``).join(' ');
    return `| \`${way}\` | ${rest[way] ?? list} | ${meaning} |\n`;
  });
  return `| route | commands | where they go |\n|---|---|---|\n${rows.join('')}`.trimEnd();
}

/** By the way of its subcommands, if they do not all go the same one. */
function placesOf(command: Command): ReadonlyArray<readonly [Way, string]> {
  const name = command.name.toUpperCase();
  // no Redis client sends it, or it is nothing but an error wherever Redis is
  if (command.does === 'intruder' || command.does === 'refuse') return [];
  const subcommands = [...(command.subcommands?.values() ?? [])].filter(({ does }) => does !== 'refuse');
  const found = new Set(subcommands.map(wayOf));
  const [only] = found;
  if (only === undefined) return [[wayOf(command), name]];
  if (found.size === 1) return [[only, `${name} …`]];
  return subcommands.map((one) => [wayOf(one), one.name.replace('|', ' ').toUpperCase()] as const);
}

function wayOf({ route, does, inMulti }: Command): Way {
  if (route === 'refused' || route === 'no-cluster') return route;
  if (here.has(does)) return 'here';
  return dedicated.has(does) || inMulti === 'end' ? 'dedicated' : route;
}
