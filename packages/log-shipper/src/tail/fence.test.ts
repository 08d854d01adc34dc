import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, openSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { tail } from '../../testing/tail.ts';

/** The app's volume with a log, and a secret of the shipper outside it. */
function volume() {
  const dir = tempDir();
  for (const folder of ['volume/sub', 'secrets/sub']) mkdirSync(dir.file(folder), { recursive: true });
  writeFileSync(dir.file('volume/real.log'), 'real\n');
  for (const name of ['token', 'x.log', 'sub/x.log']) writeFileSync(dir.file(`secrets/${name}`), 'secret\n');
  return dir;
}

type Plant = (volume: string, secrets: string) => void;

describe('a link out of the fixed folder', () => {
  it.each<[string, string, string, Plant]>([
    ['as the file', '*.log', 'a.log', (at, out) => symlinkSync(`${out}/token`, `${at}/a.log`)],
    ['by a relative path', '*.log', 'a.log', (at) => symlinkSync('../secrets/token', `${at}/a.log`)],
    [
      'as a path without wildcards',
      'a.log',
      'a.log',
      (at, out) => symlinkSync(`${out}/token`, `${at}/a.log`),
    ],
    [
      'at the end of a chain that begins inside',
      '*.log',
      'a.log',
      (at) => {
        symlinkSync('sub/b', `${at}/a.log`);
        symlinkSync('../c', `${at}/sub/b`);
        symlinkSync('../secrets/token', `${at}/c`);
      },
    ],
    ['as a folder that a pattern enters', '*/x.log', 'a', (at, out) => symlinkSync(out, `${at}/a`)],
    ['as a folder to be searched', '*/**/x.log', 'a', (at, out) => symlinkSync(out, `${at}/a`)],
    ['as a named folder', '*/a/x.log', 'sub/a', (at, out) => symlinkSync(out, `${at}/sub/a`)],
    [
      'through a link to the volume itself',
      '*.log',
      'a.log',
      (at) => {
        symlinkSync('.', `${at}/loop`);
        symlinkSync('loop/loop/../secrets/x.log', `${at}/a.log`);
      },
    ],
    ['into /proc of the shipper', '*.log', 'a.log', (at) => symlinkSync('/proc/self/environ', `${at}/a.log`)],
    [
      'through a file descriptor of the shipper',
      '*.log',
      'a.log',
      (at, out) => symlinkSync(`/proc/self/fd/${openSync(`${out}/token`, 'r')}`, `${at}/a.log`),
    ],
  ])('%s is refused and logged once; other files are read', async (_, pattern, name, plant) => {
    using dir = volume();
    plant(dir.file('volume'), dir.file('secrets'));
    await using at = await tail([dir.file(`volume/${pattern}`), dir.file('volume/real.log')]);
    expect(await at.texts()).toEqual(['real\n']);
    expect(at.reasons).toEqual(['link_outside']);
    expect([...at.problems.current]).toEqual([[dir.file(`volume/${name}`), 'link_outside']]);
  });

  it('is not entered by ** even with --follow-links: it could form a loop', async () => {
    using dir = volume();
    symlinkSync(dir.file('secrets'), dir.file('volume/a'));
    await using at = await tail(dir.file('volume/**/*.log'), { followLinks: true });
    expect(await at.texts()).toEqual(['real\n']);
  });

  it('is read with --follow-links', async () => {
    using dir = volume();
    symlinkSync(dir.file('secrets/token'), dir.file('volume/a.log'));
    symlinkSync(dir.file('secrets'), dir.file('volume/a'));
    await using at = await tail([dir.file('volume/*.log'), dir.file('volume/*/x.log')], {
      followLinks: true,
    });
    expect(await at.texts()).toEqual(['real\n', 'secret\n', 'secret\n']);
    expect(at.reasons).toEqual([]);
  });

  it('is limited to the folder of its own pattern', async () => {
    using dir = volume();
    symlinkSync(dir.file('secrets/token'), dir.file('volume/a.log'));
    await using at = await tail([dir.file('volume/*.log'), dir.file('secrets/none*')]);
    expect(await at.texts()).toEqual(['real\n']);
    await using both = await tail(dir.file('{secrets,volume}/*.log'));
    expect(await both.texts()).toEqual(['real\n', 'secret\n']);
    expect(both.reasons).toEqual(['link_outside']);
  });

  it('is read when it leads inside, and refused again when it leads outside', async () => {
    using dir = volume();
    const link = dir.file('volume/a.log');
    await using at = await tail(link);
    for (const [target, texts] of [
      ['../secrets/token', []],
      ['real.log', ['real\n']],
    ] as const) {
      rmSync(link, { force: true });
      symlinkSync(target, link);
      expect(await at.texts()).toEqual(texts);
    }
    expect(at.problems.current.size).toBe(0);
    rmSync(link);
    symlinkSync('../secrets/token', link);
    expect(await at.texts()).toEqual(['real\n']);
    expect(at.reasons).toEqual(['link_outside', 'link_outside']);
  });

  it('does not keep a rotated file open, because it is not a new generation', async () => {
    using dir = volume();
    await using at = await tail(dir.file('volume/real.log'));
    await at.look();
    renameSync(dir.file('volume/real.log'), dir.file('volume/real.log.1'));
    symlinkSync('../secrets/token', dir.file('volume/real.log'));
    await at.look();
    const [generation] = at.catalog.generations;
    const before = generation?.changedAtMs;
    await at.look();
    expect(generation?.changedAtMs).toBe(before);
  });
});

describe('a name that no pattern matches', () => {
  it('does not lead outside as a missed generation', async () => {
    using dir = volume();
    await using at = await tail(dir.file('volume/real.log'));
    await at.look();
    renameSync(dir.file('volume/real.log'), dir.file('volume/moved'));
    rmSync(dir.file('secrets/token'));
    writeFileSync(dir.file('secrets/token'), 'secret and younger\n');
    symlinkSync('../secrets/token', dir.file('volume/real.log.1'));
    expect(await at.texts()).toEqual(['real\n']);
    expect(at.reasons).toEqual(['link_outside']);
  });

  it('does not lead outside as a copy, even with the same beginning', async () => {
    using dir = volume();
    const log = dir.file('volume/real.log');
    writeFileSync(log, 's');
    await using at = await tail(log);
    await at.look();
    // the secret begins like the log, which was truncated since
    writeFileSync(log, '');
    symlinkSync('../secrets/token', `${log}.1`);
    expect(await at.texts()).toEqual(['']);
  });

  it('does not lead outside after a restart, for any checkpoint', async () => {
    using dir = volume();
    await using first = await tail(dir.file('secrets/token'));
    await first.look();
    const [generation] = first.catalog.generations;
    if (generation === undefined) throw new Error('no generation was found');
    for (const file of [dir.file('volume/real.log'), dir.file('elsewhere/old.log'), generation.file]) {
      const { seq, realPath, known, positions, times, facts } = generation;
      await using second = await tail(dir.file('volume/*.log'));
      await second.resume({ seq, file, realPath, known, positions, times, inode: facts.inode });
      expect(await second.texts()).toEqual(['real\n']);
    }
  });
});

describe('links within the fixed folder', () => {
  it.each<[string, string, Plant]>([
    ['to a file', 'volume/a*.log', (at) => symlinkSync('real.log', `${at}/a.log`)],
    ['to a file by its absolute path', 'volume/a*.log', (at) => symlinkSync(`${at}/real.log`, `${at}/a.log`)],
    ['out of the folder and back', 'volume/a*.log', (at) => symlinkSync('../volume/real.log', `${at}/a.log`)],
    ['to a folder', 'volume/*/real.log', (at) => symlinkSync('.', `${at}/a`)],
    [
      "from one folder to another, like the kubelet's",
      'volume/*/c-*.log',
      (at) => {
        mkdirSync(`${at}/containers`);
        mkdirSync(`${at}/pods/p`, { recursive: true });
        renameSync(`${at}/real.log`, `${at}/pods/p/0.log`);
        symlinkSync(`${at}/pods/p/0.log`, `${at}/containers/c-1.log`);
      },
    ],
    [
      'to a folder that is replaced as a whole, as in a ConfigMap',
      'volume/r*.log',
      (at) => {
        mkdirSync(`${at}/..2026`);
        renameSync(`${at}/real.log`, `${at}/..2026/real.log`);
        symlinkSync('..2026', `${at}/..data`);
        symlinkSync('..data/real.log', `${at}/real.log`);
      },
    ],
  ])('%s are followed', async (_, pattern, plant) => {
    using dir = volume();
    plant(dir.file('volume'), dir.file('secrets'));
    await using at = await tail(dir.file(pattern));
    expect(await at.texts()).toEqual(['real\n']);
    expect(at.reasons).toEqual([]);
  });
});

describe('the fixed folder', () => {
  it.each(['volume', 'nowhere'])('may be reached through a link of the operator to %s', async (target) => {
    using dir = volume();
    symlinkSync(target, dir.file('link'));
    await using at = await tail([dir.file('link/*.log'), dir.file('link/later/*.log')]);
    renameSync(dir.file('volume'), dir.file(target));
    mkdirSync(dir.file(`${target}/later`));
    writeFileSync(dir.file(`${target}/later/b.log`), 'later\n');
    expect(await at.texts()).toEqual(['later\n', 'real\n']);
    expect(at.reasons).toEqual([]);
  });

  it.each(['volume/sub', 'volume/not-there-yet'])(
    'cannot be replaced by a link later: %s',
    async (folder) => {
      using dir = volume();
      await using at = await tail(dir.file(`${folder}/*`));
      await at.look();
      rmSync(dir.file(folder), { recursive: true, force: true });
      symlinkSync('../secrets', dir.file(folder));
      expect(await at.texts()).toEqual([]);
      expect([...at.problems.current]).toEqual([[dir.file(folder), 'link_outside']]);
    },
  );
});

describe('a name that is not a regular file', () => {
  it.each<[string, (path: string) => void]>([
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    ['a folder', (path) => mkdirSync(path)],
    ['a device', (path) => symlinkSync('/dev/zero', path)],
    ['a link to itself', (path) => symlinkSync('a.log', path)],
  ])('is not read and blocks nothing: %s', async (_, make) => {
    using dir = volume();
    make(dir.file('volume/a.log'));
    await using at = await tail(dir.file('volume/*.log'));
    expect(await at.texts()).toEqual(['real\n']);
    // also if it has just replaced a regular file
    await expect(at.fence.open(dir.file('volume/a.log'), dir.file('volume/a.log'))).rejects.toThrow();
  });
});

describe('files of our own', () => {
  it.each([false, true])(
    'are not read through a link, which would be an endless loop (followLinks %s)',
    async (followLinks) => {
      using dir = volume();
      mkdirSync(dir.file('volume/out'));
      writeFileSync(dir.file('volume/out/records'), 'record\n');
      symlinkSync('out/records', dir.file('volume/a.log'));
      await using at = await tail(dir.file('volume/*.log'), {
        followLinks,
        own: [dir.file('volume/out/records'), dir.file('volume/out/not-there-yet')],
      });
      writeFileSync(dir.file('volume/out/not-there-yet'), 'record\n');
      symlinkSync('out/not-there-yet', dir.file('volume/b.log'));
      expect(await at.texts()).toEqual(['real\n']);
      expect(at.reasons).toEqual(['own_file', 'own_file']);
    },
  );
});

describe('a file that is replaced while it is opened', () => {
  it('is the old file or is refused, never a file outside', async () => {
    using dir = volume();
    const log = dir.file('volume/a.log');
    await using at = await tail(dir.file('volume/*.log'));
    const next = dir.file('volume/next');
    const seen = new Set<string>();
    for (let round = 0; round < 100; round++) {
      rmSync(log, { force: true });
      if (round % 2 === 0) copyFileSync(dir.file('volume/real.log'), log);
      else symlinkSync('../secrets/token', log);
      if (round % 2 === 0) symlinkSync('../secrets/token', next);
      else copyFileSync(dir.file('volume/real.log'), next);
      const opening = at.fence.open(log, log).then(
        async ({ handle }) => {
          const text = (await handle.readFile()).toString();
          await handle.close();
          return text;
        },
        (error: { code: string }) => error.code,
      );
      // another thread opens it meanwhile
      renameSync(next, log);
      seen.add(await opening);
    }
    expect([...seen].sort()).toEqual(['link_outside', 'real\n']);
  });
});
