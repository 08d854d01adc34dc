import { Refusal } from '@pod-patterns/kit';
import { describe, expect, it } from 'vitest';
import { CommandTable } from './command-table.ts';
import { readDenied, withDenied } from './denied.ts';

describe('a list of denied commands', () => {
  it.each([
    ['FLUSHALL', ['flushall']],
    ['flushall, Config|SET', ['flushall', 'config|set']],
  ])('is read from %s', (text, names) => {
    expect(readDenied(text)).toEqual(names);
  });

  it.each(['', 'nosuch', 'flushall,', 'config|nosuch', 'get|x'])(
    'is rejected for an unknown command: %j',
    (text) => {
      expect(readDenied(text)).toEqual(new Refusal('contains an unknown command'));
    },
  );

  it('changes only those commands', () => {
    const table = new CommandTable(withDenied(['flushall', 'config|set', 'script']));
    const find = (name: string) => table.find(Buffer.from(name), 0, name.length);
    expect([find('flushall').does, find('flushall').isPlain]).toEqual(['denied', false]);
    expect([find('config').does, find('config').isPlain]).toEqual(['plain', false]);
    expect(find('config').subcommands?.get('set')?.does).toBe('denied');
    expect(find('config').subcommands?.get('get')?.does).toBe('plain');
    expect([find('script').does, find('script').subcommands?.get('load')?.does]).toEqual([
      'denied',
      'denied',
    ]);
    expect([find('get').does, find('get').isPlain]).toEqual(['plain', true]);
  });
});
