import { describe, expect, it } from 'vitest';
import { CommandTable, families, hasRightArity, unknownCommand } from './command-table.ts';
import described from './commands.json' with { type: 'json' };
import { routes } from './routes.ts';

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

  it.each(['', 'ge', 'gets', 'nosuchcommand', 'GET ', '\0\0\0'])('does not know %j', (name) => {
    expect(find(name)).toBe(unknownCommand);
  });

  it('knows what Redis says of a command', () => {
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

  it('routes by what a command does to its connection', () => {
    const routesOf = (...names: string[]) => names.map((name) => find(name).route);
    expect(routesOf('get', 'publish', 'nosuch', 'exec', 'unwatch')).toEqual(new Array(5).fill('shared'));
    expect(routesOf('script', 'hello', 'multi', 'blpop', 'sync', 'post')).toEqual([
      'parent',
      'local',
      'transaction',
      'blocking',
      'refused',
      'intruder',
    ]);
    // newer than the Redis that the table was made from
    expect(routesOf('waitaof')).toEqual(['blocking']);
  });

  it('routes all commands that may block or subscribe apart from the shared ones', () => {
    for (const [name, row] of Object.entries(described.commands)) {
      if (/\b(blocking|pubsub)\b/.test(row) && !name.includes(' ') && !/publish|pubsub/.test(name)) {
        expect([name, find(name).route]).not.toEqual([name, 'shared']);
      }
    }
  });

  it('has a route for no command that does not exist', () => {
    const newer = ['waitaof', 'host:', 'post'];
    for (const name of routes.keys()) {
      if (!newer.includes(name)) expect(described.commands).toHaveProperty([name.replace('|', ' ')]);
    }
  });

  it('counts in few families', () => {
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
  ])('%s with %i arguments: %s', (name, count, isRight) => {
    expect(hasRightArity(find(name), count)).toBe(isRight);
  });
});
