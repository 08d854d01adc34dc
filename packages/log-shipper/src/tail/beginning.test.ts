import { appendFileSync, renameSync, utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scene } from '../../testing/scene.ts';
import { Beginning, type BeginningOptions } from './beginning.ts';

const hourMs = 3_600_000;

/** Files in a folder, and a catalog that starts with these options. */
function beginning(options: Partial<BeginningOptions>) {
  const all = { startsAtEnd: () => false, ignoreOlderMs: undefined, wallNow: Date.now, ...options };
  return scene('*.log', 100, { beginning: new Beginning(all) });
}

describe('--start end', () => {
  const startsAtEnd = () => true;

  it('skips the content of existing files and reads new content', async () => {
    await using at = await beginning({ startsAtEnd });
    at.write('a.log', 'one\ntwo\n');
    await at.look();
    expect(await at.read()).toBe('');
    at.append('a.log', 'three\n');
    at.write('b.log', 'new\n');
    await at.look();
    expect(await at.read()).toBe('three\nnew\n');
  });

  it('reads the whole of an unfinished line', async () => {
    await using at = await beginning({ startsAtEnd });
    at.write('a.log', 'one\ntw');
    at.write('b.log', 'thr');
    await at.look();
    at.append('a.log', 'o\n');
    at.append('b.log', 'ee\n');
    await at.look();
    expect(await at.read()).toBe('two\nthree\n');
  });

  it('finds the start of an unfinished line far before the end', async () => {
    await using at = await beginning({ startsAtEnd });
    const line = 'x'.repeat(200_000);
    at.write('a.log', `one\n${line}`);
    await at.look();
    expect(await at.read()).toBe(line);
  });

  it.each(['utf-16le', 'utf-16be'] as const)(
    'finds the start of an unfinished line in %s',
    async (encoding) => {
      const all = { startsAtEnd, ignoreOlderMs: undefined, wallNow: Date.now };
      await using at = await scene('*.log', 100, {
        ...{ beginning: new Beginning(all), settingsOf: () => ({ encoding }) },
      });
      const units = Buffer.from('one\nA\u0a00\u000aB\u0a0a', 'utf16le');
      appendFileSync(at.path('a.log'), encoding === 'utf-16be' ? units.swap16() : units);
      await at.look();
      expect(at.generations()[0]?.positions.get('sink')?.offset).toBe(14);
    },
  );

  it('reads the next generation from its first byte', async () => {
    await using at = await beginning({ startsAtEnd });
    at.write('a.log', 'one\n');
    await at.look();
    at.append('a.log', 'two\n');
    renameSync(at.path('a.log'), at.path('a.log.1'));
    at.write('a.log', 'three\n');
    await at.look();
    expect(await at.read()).toBe('two\nthree\n');
  });

  it('continues at its position after a restart', async () => {
    await using at = await beginning({ startsAtEnd });
    at.write('a.log', 'one\n');
    await at.look();
    const restarted = await at.restart();
    at.append('a.log', 'two\n');
    await restarted();
    expect(await at.read()).toBe('two\n');
  });
});

describe('old files', () => {
  const age = (path: string, ms: number) => utimesSync(path, new Date(), new Date(Date.now() - ms));

  it('are skipped and counted', async () => {
    await using at = await beginning({ ignoreOlderMs: hourMs });
    at.write('old.log', 'one\n');
    at.write('young.log', 'two\n');
    age(at.path('old.log'), 2 * hourMs);
    await at.look();
    expect(await at.read()).toBe('two\n');
    expect(at.beginning().old.size).toBe(1);
  });

  it('are read from their end when they grow again', async () => {
    await using at = await beginning({ ignoreOlderMs: hourMs });
    at.write('a.log', 'one\ntw');
    age(at.path('a.log'), 2 * hourMs);
    await at.look();
    at.append('a.log', 'o\n');
    await at.look();
    expect(await at.read()).toBe('two\n');
    expect(at.beginning().old.size).toBe(0);
  });

  it('are read from their first byte when they are rewritten', async () => {
    await using at = await beginning({ ignoreOlderMs: hourMs });
    at.write('a.log', 'one\ntwo\n');
    age(at.path('a.log'), 2 * hourMs);
    await at.look();
    at.write('a.log', 'new\n');
    await at.look();
    expect(await at.read()).toBe('new\n');
  });

  it('are read on from a known position', async () => {
    await using at = await beginning({ ignoreOlderMs: hourMs });
    at.write('a.log', 'one\n');
    await at.look();
    expect(await at.read()).toBe('one\n');
    const restarted = await at.restart();
    at.append('a.log', 'two\n');
    age(at.path('a.log'), 2 * hourMs);
    await restarted();
    expect(await at.read()).toBe('two\n');
  });

  it('are forgotten when they are gone', async () => {
    await using at = await beginning({ ignoreOlderMs: hourMs });
    at.write('a.log', 'one\n');
    age(at.path('a.log'), 2 * hourMs);
    await at.look();
    renameSync(at.path('a.log'), at.path('a.txt'));
    await at.look();
    expect(at.beginning().old.size).toBe(0);
  });
});

describe('excluded files', () => {
  it('are not found', async () => {
    await using at = await scene('**/*.log', 100, { excluded: ['debug*.log', 'old/**'] });
    at.write('a.log', 'one\n');
    at.write('debug-1.log', 'two\n');
    await at.look();
    expect(await at.read()).toBe('one\n');
  });

  it('are found if they are a rotated generation of a log', async () => {
    await using at = await scene('a.log*', 100, { excluded: ['*.1'] });
    at.write('a.log', 'one\n');
    await at.look();
    const restarted = await at.restart();
    at.append('a.log', 'two\n');
    renameSync(at.path('a.log'), at.path('a.log.1'));
    at.write('a.log', 'three\n');
    await restarted();
    expect(await at.read()).toBe('one\ntwo\nthree\n');
  });
});
