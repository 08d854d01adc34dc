import { describe, expect, it } from 'vitest';
import { limited, lostFileLimit, readFileLimit } from './file-limit.ts';

const limits = (files: string) => `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max open files            ${files} files
Max locked memory         8388608              8388608              bytes
`;

it.each([
  ['1024                 524288              ', { soft: 1024, hard: 524_288 }],
  [
    'unlimited            unlimited           ',
    { soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY },
  ],
  ['nonsense', undefined],
])('reads %s', (files, limit) => {
  expect(readFileLimit(limits(files))).toEqual(limit);
});

describe('the limit that Node raised', () => {
  it.each([
    ['is that of the parent', { soft: 4096, hard: 4096 }, { soft: 1024, hard: 4096 }, 1024],
    ['is none if both are the same', { soft: 4096, hard: 4096 }, { soft: 4096, hard: 4096 }, undefined],
    [
      'is unknown if another program changed it',
      { soft: 2000, hard: 2000 },
      { soft: 1024, hard: 4096 },
      undefined,
    ],
    ['is unknown without a parent', { soft: 4096, hard: 4096 }, undefined, undefined],
  ])('%s', (_, own, parent, expected) => {
    expect(lostFileLimit(own, parent)).toBe(expected);
  });
});

it.each<{ readonly programs: readonly string[]; readonly command: readonly string[] | undefined }>([
  { programs: ['prlimit', 'sh'], command: ['prlimit', '--nofile=1024:', '--', 'app', '-x'] },
  { programs: ['sh'], command: ['sh', '-c', 'ulimit -S -n "$0" && exec "$@"', '1024', 'app', '-x'] },
  { programs: [], command: undefined },
])('is set with the first available of $programs', ({ programs, command }) => {
  const found = limited(['app', '-x'], 1024, (name) =>
    programs.includes(name) ? `/bin/${name}` : undefined,
  );
  expect(found?.command).toEqual(command);
});
