import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RedisServer } from '@pod-patterns/kit/testing/redis';
import { Redis } from 'ioredis';
import kept from '../src/command/commands.json' with { type: 'json' };

/**
 * Updates `src/command/commands.json` with the output of this machine's redis-server for `COMMAND` and
 * `COMMAND DOCS`. A row a command, subcommands as "parent sub": group, arity, flags, first key, last key, step
 * (`movablekeys` among the flags: there are more keys to find). The rest of a row is kept: it describes how
 * the ambassador treats the command. Rows of commands that this Redis does not have are kept too.
 */
const target = join(import.meta.dirname, '../src/command/commands.json');

/** Number of Redis' own fields in a row. */
const redisFields = 6;

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

/** Makes the content of `commands.json` from the Redis on this port. */
export async function describeCommands(port: number): Promise<string> {
  const redis = new Redis({ port, protocol: 2 });
  try {
    // COMMAND has had this shape since Redis 7.0
    const infos = (await redis.call('COMMAND')) as CommandInfo[];
    const groups = groupsOf((await redis.call('COMMAND', 'DOCS')) as unknown[]);
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'unknown';
    const rows = new Map(Object.entries(kept.commands));
    for (const info of infos) {
      for (const one of [info, ...info[9]]) {
        const name = one[0].replace('|', ' ');
        const does = rows.get(name)?.split(' ').slice(redisFields) ?? [];
        rows.set(name, [...fieldsOf(one, groups.get(info[0])), ...does].join(' '));
      }
    }
    const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
    return `${JSON.stringify({ redis: version, commands: Object.fromEntries(sorted) }, undefined, 2)}\n`;
  } finally {
    redis.disconnect();
  }
}

function fieldsOf([, arity, flags, first, last, step]: CommandInfo, group = 'generic') {
  return [group, arity, [...flags].sort().join(',') || '-', first, last, step];
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
