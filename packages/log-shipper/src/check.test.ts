import { describe, expect, it } from 'vitest';
import { understood } from '../testing/understood.ts';
import { findFaults } from './check.ts';
import { readSinkUrl } from './sinks/registry.ts';

function faults(
  globs: readonly string[],
  sinks: readonly string[],
  others: Partial<Parameters<typeof findFaults>[0]> = {},
) {
  const sink = sinks.map((url) => understood(readSinkUrl(url)));
  return findFaults({
    ...{ paths: globs, excludePaths: [], sink, label: [], deadLetter: undefined, stateDir: '/state' },
    config: undefined,
    ...others,
  });
}

describe('findFaults', () => {
  it('accepts compatible options', () => {
    expect(
      faults(['/log/*.log'], ['stdout:', 'file:///out/a.log', 'http://h/a', 'http://h/b'], {
        deadLetter: '/out/dead.log',
      }),
    ).toEqual([]);
  });

  it.each([
    [
      ['/log/*'],
      ['file:///log/out'],
      '--sink "file:///log/out": expected a path that --paths does not match',
    ],
    [
      ['/log/*'],
      ['stdout:'],
      '--dead-letter "/log/dead": expected a path that --paths does not match',
      '/log/dead',
    ],
    [['/**/*'], ['stdout:'], '--state-dir "/state": expected a path that --paths does not match'],
    [
      ['/l'],
      ['http://h/a', 'http://me:secret@h/a#compression=gzip'],
      '--sink "http://h/a": given more than once',
    ],
    [[], ['stdout:'], '--paths "": expected a path or a pattern'],
    [
      ['/l/a.log', '/l/[z-a].log'],
      ['stdout:'],
      '--paths "/l/[z-a].log": invalid range in brackets: expected low to high, such as [a-z]',
    ],
  ])('rejects %j with %j', (globs, sinks, expected, deadLetter?: string) => {
    expect(faults(globs, sinks, { deadLetter })).toEqual([expected]);
  });

  it('accepts output files that --exclude-paths excludes', () => {
    const others = { deadLetter: '/log/dead', excludePaths: ['/log/{dead,out}'] };
    expect(faults(['/log/*'], ['file:///log/out'], others)).toEqual([]);
    expect(faults(['/log/*'], ['stdout:'], { excludePaths: ['/l/[z-a]'] })).toEqual([
      '--exclude-paths "/l/[z-a]": invalid range in brackets: expected low to high, such as [a-z]',
    ]);
  });

  it('rejects labels with the same name in Loki', () => {
    const labels = [
      ['a.b', '1'],
      ['c', '2'],
      ['a-b', '3'],
    ] as const;
    const check = (sink: string) => faults(['/log/*'], [sink], { label: labels });
    expect(check('stdout:')).toEqual([]);
    expect(check('loki+http://h')).toEqual(['--label "a-b=3": same Loki label as "a.b": rename one']);
  });
});
