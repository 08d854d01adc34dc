import { describe, expect, it } from 'vitest';
import { routeTable } from './route-table.ts';

describe('the table of routes', () => {
  const rows = new Map(
    routeTable()
      .split('\n')
      .slice(2)
      .map((row) => [row.split('`')[1], row] as const),
  );

  it.each([
    ['split', '`MGET`'],
    ['all', '`DBSIZE`'],
    ['all', '`CONFIG SET`'],
    ['scan', '`SCAN`'],
    ['here', '`CLIENT LIST`'],
    ['dedicated', '`EXEC`'],
    ['refused', '`MONITOR`'],
    ['no-cluster', '`CLUSTER …`'],
  ])('has in row %s, and in no other, %s', (way, name) => {
    const having = [...rows].filter(([, row]) => row.includes(name));
    expect(having.map(([one]) => one)).toEqual([way]);
  });
});
