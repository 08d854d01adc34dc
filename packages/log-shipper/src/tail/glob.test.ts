import { describe, expect, it } from 'vitest';
import { compileGlob, globsOf, matchesGlobs, splitGlobs } from './glob.ts';

describe('splitGlobs', () => {
  it.each([
    ['/a/*.log', ['/a/*.log']],
    ['/a/*.log,/b/*.log', ['/a/*.log', '/b/*.log']],
    [' /a , /b ', ['/a', '/b']],
    ['/a/{x,y}.log,/b', ['/a/{x,y}.log', '/b']],
    ['/a/{x,{y,z}}.log,/b', ['/a/{x,{y,z}}.log', '/b']],
    ['/a\\,b,/c\\{,/d', ['/a\\,b', '/c\\{', '/d']],
    [',,', []],
  ])('splits %j', (list, expected) => {
    expect(splitGlobs(list)).toEqual(expected);
  });
});

describe('matchesGlobs', () => {
  it.each<[string, string[], string[]]>([
    [
      '/var/log/app.log',
      ['/var/log/app.log'],
      ['/var/log/app.log.1', '/var/log/apptlog', '/var/log/x/app.log'],
    ],
    [
      '/var/log/*.log',
      ['/var/log/a.log', '/var/log/a.b.log'],
      ['/var/log/.a.log', '/var/log/x/a.log', '/var/log/a.log.1'],
    ],
    ['/var/log/.*.log', ['/var/log/.a.log'], ['/var/log/a.log']],
    ['/l/app.log*', ['/l/app.log', '/l/app.log.1'], ['/l/app.lo']],
    ['/l/app-?.log', ['/l/app-1.log'], ['/l/app-.log', '/l/app-12.log', '/l/app-/.log']],
    ['/l/app-[0-9a].log', ['/l/app-5.log', '/l/app-a.log'], ['/l/app-b.log']],
    ['/l/app-[!0-9].log', ['/l/app-b.log'], ['/l/app-5.log']],
    ['/l/app-[]x].log', ['/l/app-].log', '/l/app-x.log'], ['/l/app-y.log']],
    ['/l/[.log', [], ['/l/x.log']],
    ['/l/{a,b}.log', ['/l/a.log', '/l/b.log'], ['/l/c.log', '/l/{a,b}.log']],
    ['/l/{a,b{1,2}}.log', ['/l/a.log', '/l/b1.log', '/l/b2.log'], ['/l/b.log']],
    ['/{l,m}/{a,b}', ['/l/a', '/l/b', '/m/a', '/m/b'], ['/l/l']],
    ['/l/{a}.log', ['/l/{a}.log'], ['/l/a.log']],
    ['/l/**/a.log', ['/l/a.log', '/l/x/a.log', '/l/x/y/a.log'], ['/l/.x/a.log', '/l/x/b.log']],
    ['/l/**/*.log', ['/l/a.log', '/l/x/y/b.log'], ['/l/a.txt']],
    ['/l/*/a.log', ['/l/x/a.log'], ['/l/a.log', '/l/x/y/a.log']],
    ['/l/a+b(c)|$.log', ['/l/a+b(c)|$.log'], ['/l/aab.log']],
    ['/l/./a//b', ['/l/a/b'], []],
    ['/l/**', ['/l/a.log', '/l/x/y/b'], ['/l/.a', '/l/.x/a', '/m/a']],
    ['/l/**/', ['/l/a.log', '/l/x/y/b'], ['/l']],
    ['/l/\\*\\?\\[a\\].log', ['/l/*?[a].log'], ['/l/xya.log', '/l/\\*\\?\\[a\\].log']],
    ['/l/\\{a,b}*.log', ['/l/{a,b}.log', '/l/{a,b}x.log'], ['/l/a.log']],
    ['/l/{a\\,b,c}.log', ['/l/a,b.log', '/l/c.log'], ['/l/a.log', '/l/b.log']],
    ['/l/\\.*', ['/l/.a'], ['/l/a']],
    ['/l/a\\\\b', ['/l/a\\b'], ['/l/ab']],
  ])('matches %s', (glob, matching, others) => {
    const globs = compileGlob(glob);
    for (const path of matching) expect([path, matchesGlobs(globs, path)]).toEqual([path, true]);
    for (const path of others) expect([path, matchesGlobs(globs, path)]).toEqual([path, false]);
  });
});

describe('globsOf', () => {
  it.each<[string, string, string[], string[]]>([
    ['logs/*.log', '/a', ['/a/logs/x.log'], ['/b/logs/x.log']],
    ['*.log', '/a [1]{b}*', ['/a [1]{b}*/x.log'], ['/a 1b/x.log', '/a [1]b/x.log']],
    ['../b/*.log', '/a/c', ['/a/b/x.log'], ['/a/c/x.log']],
    ['/*/x.log', '/a', ['/b/x.log'], ['/a/b/x.log']],
    ['{/b,/c/d}/x.log', '/a', ['/b/x.log', '/c/d/x.log'], ['/a/b/x.log']],
    ['{/b,c}/*.log', '/a', ['/b/x.log', '/a/c/x.log'], ['/a/b/x.log']],
  ])('resolves %s in %s', (glob, folder, matching, others) => {
    const globs = globsOf([glob], folder);
    for (const path of matching) expect([path, matchesGlobs(globs, path)]).toEqual([path, true]);
    for (const path of others) expect([path, matchesGlobs(globs, path)]).toEqual([path, false]);
  });
});
