import type { Command, Deed, Route } from './command.ts';
import { allCommands } from './command-table.ts';

/** Row of the table: a route, or a treatment that says more to a reader than the route. */
type Way = Route | 'here' | 'dedicated';

/** Rows in the order of the README, with the destination of their commands. */
const ways: ReadonlyArray<readonly [Way, string]> = [
  ['key', 'the server that has all the keys; if they are on several servers, `CROSSSLOT` at once'],
  ['split', 'each server gets the part with its own keys; the replies are merged in order'],
  ['all', 'every server that has keys; the replies are merged'],
  ['scan', "one server after another, with the ambassador's own cursors"],
  ['any', 'any server that is up'],
  ['here', "answered by the ambassador: they concern the client's connection to it"],
  [
    'dedicated',
    'a dedicated connection to the server that has the keys (`XREAD` and `XREADGROUP` only if they may block)',
  ],
  ['refused', 'refused: they concern a single server, or a single connection to it'],
  ['no-cluster', 'answered as by a Redis without Cluster support: the app sees one Redis'],
];

const here: ReadonlySet<Deed> = new Set(['here', 'hello', 'select', 'quit', 'reset', 'unblock']);
const dedicated: ReadonlySet<Deed> = new Set([
  ...(['multi', 'watch', 'unwatch', 'subscribe', 'monitor', 'block', 'await-writes'] as const),
  ...(['dedicated', 'pin', 'track'] as const),
]);

/** Rows too long to list: all commands that no other row has. */
const rest: Partial<Readonly<Record<Way, string>>> = {
  key: 'all other commands with keys; for an unknown command, the first argument counts as its key',
  any: 'all other commands without a key',
};

/** Renders the README's table of routes for keys on several servers. */
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

/** Splits a command by its subcommands if their routes differ. */
function placesOf(command: Command): ReadonlyArray<readonly [Way, string]> {
  const name = command.name.toUpperCase();
  // intruders and refused commands get an error with any topology
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
