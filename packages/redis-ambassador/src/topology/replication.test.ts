import { describe, expect, it } from 'vitest';
import { ReplyError } from '../resp/value.ts';
import { choose, isFit, readReplication } from './replication.ts';

const info = (fields: Readonly<Record<string, string>>) =>
  `# Replication\r\n${Object.entries(fields)
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join('')}`;

const following = { role: 'slave', master_link_status: 'up', master_last_io_seconds_ago: '3' };

describe('a replica', () => {
  it.each([
    ['that replicates', info(following), true],
    ['that just heard from its primary', info({ ...following, master_last_io_seconds_ago: '0' }), true],
    ['at the maximum staleness', info({ ...following, master_last_io_seconds_ago: '10' }), true],
    ['beyond the maximum staleness', info({ ...following, master_last_io_seconds_ago: '11' }), false],
    ['whose connection is down', info({ ...following, master_link_status: 'down' }), false],
    ['that never heard from its primary', info({ ...following, master_last_io_seconds_ago: '-1' }), false],
    ['that does not report its last contact', info({ role: 'slave', master_link_status: 'up' }), false],
    ['that is a primary', info({ role: 'master', connected_slaves: '0' }), false],
    ['with an empty report', '', false],
    ['that refuses the report', new ReplyError('NOPERM'), false],
    ['with an invalid report', info({ ...following, master_last_io_seconds_ago: 'x' }), false],
  ])('%s is judged by its report', (_, reply, expected) => {
    expect(isFit(readReplication(reply, 100), { now: 100, maxStalenessMs: 10_000 })).toBe(expected);
  });

  it('without a report, or with an old one, is not used', () => {
    const said = readReplication(info(following), 1000);
    const at = (now: number) => isFit(said, { now, maxStalenessMs: 10_000 });
    expect([at(1000), at(3000), at(3001)]).toEqual([true, true, false]);
    expect(isFit(undefined, { now: 0, maxStalenessMs: 10_000 })).toBe(false);
  });
});

describe('choose', () => {
  const up =
    (...names: string[]) =>
    (name: string) =>
      names.includes(name);
  it.each([
    [0, ['a', 'b', 'c'], 'a'],
    [1, ['a', 'b', 'c'], 'b'],
    [5, ['a', 'b', 'c'], 'c'],
    [5, ['a', 'b'], 'a'],
    [1, ['c'], 'c'],
    [0, [], undefined],
  ])('gives client %i, with %j up, %s', (client, there, expected) => {
    expect(choose(['a', 'b', 'c'], client, up(...there))).toBe(expected);
    expect(choose([], client, up(...there))).toBeUndefined();
  });
});
