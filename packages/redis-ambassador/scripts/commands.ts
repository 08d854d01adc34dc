import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RedisServer } from '@pod-patterns/kit/testing/redis';
import { Redis } from 'ioredis';

/**
 * Writes `src/route/commands.json` from what this machine's redis-server says of itself in `COMMAND` and
 * `COMMAND DOCS`. A row a command, subcommands as "parent sub":
 * group, arity, flags, first key, last key, step (`movablekeys` among the flags: further keys have to be looked for).
 */
const target = join(import.meta.dirname, '../src/route/commands.json');

type CommandInfo = [
  name: string,
  arity: number,
  flags: string[],
  first: number,
  last: number,
  step: number,
  acl: string[],
  tips: unknown[],
  keySpecs: unknown[],
  subcommands: CommandInfo[],
];

/** The content of `commands.json`, as the Redis on this port tells it. */
export async function describeCommands(port: number): Promise<string> {
  const redis = new Redis({ port, protocol: 2 });
  try {
    // COMMAND has had this shape since Redis 7.0
    const infos = (await redis.call('COMMAND')) as CommandInfo[];
    const groups = groupsOf((await redis.call('COMMAND', 'DOCS')) as unknown[]);
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'unknown';
    const rows = infos.flatMap((info) => [
      rowOf(info, groups.get(info[0])),
      ...info[9].map((sub) => rowOf(sub, groups.get(info[0]))),
    ]);
    rows.sort(([a], [b]) => (a < b ? -1 : 1));
    return `${JSON.stringify({ redis: version, commands: Object.fromEntries(rows) }, undefined, 2)}\n`;
  } finally {
    redis.disconnect();
  }
}

function rowOf([name, arity, flags, first, last, step]: CommandInfo, group = 'generic'): [string, string] {
  return [
    name.replace('|', ' '),
    [group, arity, [...flags].sort().join(',') || '-', first, last, step].join(' '),
  ];
}

/** `COMMAND DOCS` is a flat list of name, [field, value, …]. */
function groupsOf(docs: unknown[]): Map<string, string> {
  const groups = new Map<string, string>();
  for (let at = 0; at < docs.length; at += 2) {
    const fields = docs[at + 1] as unknown[]; // every second entry is the list of fields
    groups.set(String(docs[at]), String(fields[fields.indexOf('group') + 1]));
  }
  return groups;
}

if (import.meta.main) {
  await using server = await RedisServer.start();
  writeFileSync(target, await describeCommands(server.port));
  console.log(`wrote ${target}`);
}
