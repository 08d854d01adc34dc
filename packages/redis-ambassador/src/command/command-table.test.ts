import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { type Deed, hasRightArity, type InMultiDeed } from './command.ts';
import { allCommands, CommandTable, families, unknownCommand } from './command-table.ts';
import described from './commands.json' with { type: 'json' };

const table = new CommandTable();
const find = (name: string) => table.find(Buffer.from(`xx${name}yy`), 2, 2 + name.length);

describe('CommandTable', () => {
  it('finds every command in any case', () => {
    for (const name of Object.keys(described.commands)) {
      if (name.includes(' ')) continue;
      expect(find(name).name).toBe(name);
      expect(find(name.toUpperCase()).name).toBe(name);
    }
  });

  it.each(['', 'ge', 'gets', 'nosuchcommand', 'GET ', '\0\0\0'])('has no command %j', (name) => {
    expect(find(name)).toBe(unknownCommand);
  });

  it("has Redis' description of a command", () => {
    expect(find('get')).toMatchObject({
      family: 'string',
      arity: 2,
      isRead: true,
      isWrite: false,
      keys: [1, 1, 1],
    });
    expect(find('mset')).toMatchObject({ arity: -3, isRead: false, isWrite: true, keys: [1, -1, 2] });
    expect(find('eval')).toMatchObject({ hasMovableKeys: true, family: 'scripting', isRead: false });
    expect(find('client').subcommands?.get('reply')).toMatchObject({ name: 'client|reply', arity: 3 });
  });

  it('routes by the effect of a command on its connection', () => {
    const deedsOf = (...names: string[]) => names.map((name) => find(name).does);
    expect(deedsOf('get', 'publish', 'nosuch', 'exec')).toEqual(new Array(4).fill('plain'));
    expect(deedsOf('hello', 'multi', 'blpop', 'sync', 'post')).toEqual([
      'hello',
      'multi',
      'block',
      'refuse',
      'intruder',
    ]);
    // by its subcommand
    expect(find('script')).toMatchObject({ does: 'plain', isPlain: false });
    expect(find('script').subcommands?.get('debug')).toMatchObject({ does: 'refuse' });
    // newer than the Redis version of the table
    expect(deedsOf('waitaof')).toEqual(['await-writes']);
  });

  it('routes all commands that may block or subscribe apart from the shared ones', () => {
    for (const [name, row] of Object.entries(described.commands)) {
      if (/\b(blocking|pubsub)\b/.test(row) && !name.includes(' ') && !/publish|pubsub/.test(name)) {
        expect([name, find(name).does]).not.toEqual([name, 'plain']);
      }
    }
  });

  const known = new Redis({ lazyConnect: true }).getBuiltinCommands();

  it('has a row for every command of a Redis 8 client', () => {
    expect(known.length).toBeGreaterThan(250);
    // only Sentinels have it
    const absent = known.filter((name) => find(name) === unknownCommand);
    expect(absent).toEqual(['sentinel']);
  });

  it('has no route for a command that does not exist', () => {
    const rows = [...allCommands()].map(({ name }) => name);
    // words of a browser, and a command that the client library sends itself
    const others = rows.filter((name) => !known.includes(name));
    expect(others).toEqual(['host:', 'monitor', 'post']);
  });

  const all = [...allCommands()].flatMap((command) => [command, ...(command.subcommands?.values() ?? [])]);
  const client = (...names: string[]) => names.map((name) => `client|${name}`);

  it.each<[Deed, string[]]>([
    [
      'here',
      ['auth', ...client('getname', 'id', 'info', 'kill', 'list', 'no-evict', 'reply', 'setinfo', 'setname')],
    ],
    ['hello', ['hello']],
    ['select', ['select']],
    ['quit', ['quit']],
    ['reset', ['reset']],
    ['unblock', ['client|unblock']],
    ['track', ['client|tracking']],
    ['multi', ['multi']],
    ['watch', ['watch']],
    ['unwatch', ['unwatch']],
    ['subscribe', ['psubscribe', 'punsubscribe', 'ssubscribe', 'subscribe', 'sunsubscribe', 'unsubscribe']],
    ['monitor', ['monitor']],
    [
      'block',
      [
        ...['blmove', 'blmovem', 'blmpop', 'blpop', 'brpop', 'brpoplpush', 'bzmpop', 'bzpopmax', 'bzpopmin'],
        ...['xread', 'xreadgroup'],
      ],
    ],
    ['await-writes', ['wait', 'waitaof']],
    ['dedicated', ['debug']],
    ['pin', ['asking', 'client|no-touch', 'himport|prepare', 'readonly', 'readwrite']],
    ['refuse', ['psync', 'replconf', 'script|debug', 'sync']],
    ['intruder', ['host:', 'post']],
  ])('has the route %s for %o and no other', (deed, names) => {
    const found = all.filter(({ does }) => does === deed).map(({ name }) => name);
    expect(found.sort()).toEqual(names.sort());
  });

  it.each<[InMultiDeed, string[]]>([
    ['end', ['discard', 'exec']],
    [
      'pin',
      [
        ...['asking', 'client', 'himport|prepare', 'readonly', 'readwrite'],
        ...client('caching', 'no-evict', 'no-touch'),
      ],
    ],
    ['learn', ['select', ...client('setinfo', 'setname')]],
    [
      'refuse',
      [
        ...['auth', 'client|reply', 'client|tracking', 'hello', 'monitor', 'psubscribe', 'psync'],
        ...['punsubscribe', 'replconf', 'script|debug', 'ssubscribe', 'subscribe', 'sunsubscribe', 'sync'],
        'unsubscribe',
      ],
    ],
  ])('within MULTI, has the route %s for %o and no other', (deed, names) => {
    const found = all.filter(({ inMulti }) => inMulti === deed).map(({ name }) => name);
    expect(found.sort()).toEqual(names.sort());
  });

  it.each([
    ['subscribe', { subscribesTo: 'channel' }],
    ['punsubscribe', { subscribesTo: 'pattern' }],
    ['ssubscribe', { subscribesTo: 'shard' }],
    ['blpop', { blockingTime: { at: -1, unitMs: 1000 } }],
    ['wait', { blockingTime: { at: -1, unitMs: 1 } }],
    ['xread', { blockingTime: 'option' }],
    ['exec', { inMulti: 'end' }],
    ['select', { inMulti: 'learn' }],
    ['auth', { inMulti: 'refuse', isBeforeLogin: true }],
    ['get', { inMulti: 'queue', isBeforeLogin: false }],
  ])('describes %s as %o', (name, details) => {
    expect(find(name)).toMatchObject(details);
  });

  it.each([
    ...[
      'get',
      'mget',
      'exists',
      'hgetall',
      'zrange',
      'sort_ro',
      'pfcount',
      'dump',
      'ttl',
      'object',
      'xrange',
    ],
    ...['set', 'getex', 'touch', 'hscan', 'scan', 'dbsize', 'keys', 'eval_ro', 'watch', 'xread', 'nosuch'],
  ])('allows a replica to serve %s only if it reads the content of keys', (name) => {
    const isFit = /^(?:get|mget|exists|hgetall|zrange|sort_ro|pfcount|dump|ttl|xrange)$/.test(name);
    expect(find(name).isForReplicas).toBe(isFit);
    for (const sub of find(name).subcommands?.values() ?? []) expect(sub.isForReplicas).toBe(false);
  });

  it('gives no subcommand a route that its parent excludes', () => {
    for (const { isPlain, subcommands } of allCommands()) {
      if (isPlain) for (const { does } of subcommands?.values() ?? []) expect(does).toBe('plain');
    }
  });

  it('counts commands in few families', () => {
    expect(families).toContain('other');
    expect(families.length).toBeLessThan(20);
    expect(families[find('get').familyIndex]).toBe('string');
    expect(families[unknownCommand.familyIndex]).toBe('other');
  });

  it.each([
    ['get', 2, true],
    ['get', 3, false],
    ['mget', 1, false],
    ['mget', 2, true],
    ['mget', 9, true],
  ])('checks the number of arguments: %s with %i: %s', (name, count, isRight) => {
    expect(hasRightArity(find(name), count)).toBe(isRight);
  });
});
