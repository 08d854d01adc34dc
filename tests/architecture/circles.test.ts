import { expect, it } from 'vitest';
import { circlesOf, type Imports } from './circles.ts';

it.each<readonly [imports: Imports, circles: string[][]]>([
  [[], []],
  [
    [
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'c'],
    ],
    [],
  ],
  [[['a', 'a']], [['a']]],
  [
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [['a', 'b']],
  ],
  [
    [
      ['main', 'a'],
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
      ['c', 'leaf'],
      ['x', 'y'],
      ['y', 'x'],
    ],
    [
      ['a', 'b', 'c'],
      ['x', 'y'],
    ],
  ],
])('%j has the circles %j', (imports, circles) => {
  expect(circlesOf(imports)).toEqual(circles);
});
