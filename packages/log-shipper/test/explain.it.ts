import { appendFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { Receiver } from './support/receiver.ts';
import { type Flags, startShipper } from './support/shipper.ts';

/** A folder of logs, and the output of `--explain` for a file in it. */
function folder() {
  const dir = tempDir();
  return {
    dir,
    explain: async (name: string, flags: Flags = {}) => {
      await using shipper = startShipper({
        ...{ paths: dir.file('*.log'), sink: 'stdout:', 'state-dir': dir.file('state') },
        ...{ ...flags, explain: dir.file(name) },
      });
      expect(await shipper.ended).toEqual({ code: 0, signal: null });
      expect(shipper.stderr).toEqual([]);
      return shipper.stdout.replaceAll(dir.path, '');
    },
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}

describe.concurrent('--explain', () => {
  it('shows how a file would be read, with its first record', async () => {
    using at = folder();
    writeFileSync(at.dir.file('a.log'), 'level=info msg=hello\nserver started\n{"ts":"no"}\n');
    const text = await at.explain('a.log', { parse: 'logfmt', label: 'team=shop' });
    expect(text).toMatch(/^\/a\.log\n {2}paths +matched by \/\*\.log\n/);
    expect(text).toMatch(/file +48 bytes, last written \d+ s ago, utf-8\n/);
    expect(text).toMatch(/settings +from the options, parse logfmt, label team=shop\n/);
    expect(text).toMatch(
      /first record +\{.*"offset":0,"labels":\{"team":"shop"\},"level":"info","msg":"hello"\}\n/,
    );
    expect(text).toContain('log_shipper_errors_total{reason="not_logfmt"} 1\n');
    expect(text).toContain('log_shipper_unread_times_total 1\n');
    expect(text).toMatch(/checkpoint +no entry for this file\n {2}result +read from its first byte\n$/);
  });

  it('names the entry of --config that applies to the file', async () => {
    using at = folder();
    writeFileSync(at.dir.file('a.log'), 'x\n');
    writeFileSync(
      at.dir.file('c.yaml'),
      `files: [{ paths: ${at.dir.path}/a.log, parse: none, rate-limit: 5/s }]`,
    );
    expect(await at.explain('a.log', { config: at.dir.file('c.yaml') })).toContain(
      'from files[0] in --config, parse none, at most 5 lines per second\n',
    );
  });

  it.each<[string, (path: string) => void, Flags, string]>([
    ['is not there', () => undefined, {}, 'will be read from its first byte once it exists'],
    ['is compressed', (path) => writeFileSync(path, gzipSync('x\n')), {}, 'ignored: compressed'],
    ['is a link out of the folder', (path) => symlinkSync('/etc/hosts', path), {}, 'not read'],
    ['is excluded', (path) => writeFileSync(path, 'x\n'), { 'exclude-paths': '/**/a.log' }, 'not read'],
    ['matches no pattern', (path) => writeFileSync(path, 'x\n'), { paths: '/none/*' }, 'not read'],
    [
      'exists at the start',
      (path) => writeFileSync(path, 'x\n'),
      { start: 'end' },
      'read from its end (--start end)',
    ],
    [
      'is old',
      (path) => {
        writeFileSync(path, 'x\n');
        utimesSync(path, 0, 0);
      },
      { 'ignore-older': '1h' },
      'skipped by --ignore-older until it is written to',
    ],
  ])('says how a file is treated that %s', async (_, make, flags, result) => {
    using at = folder();
    make(at.dir.file('a.log'));
    expect(await at.explain('a.log', flags)).toMatch(
      new RegExp(`\\n {2}result +${result.replace(/[()]/g, '\\$&')}\\n$`),
    );
  });

  it('shows the position of each sink in a file, under any of its names, and changes nothing', async () => {
    using at = folder();
    await using receiver = await Receiver.start();
    const flags = { sink: receiver.url };
    writeFileSync(at.dir.file('a.log'), 'one\n');
    await using shipper = startShipper({
      ...{ paths: at.dir.file('*.log'), 'state-dir': at.dir.file('state'), ...flags },
    });
    await receiver.received(1);
    await shipper.stop();
    appendFileSync(at.dir.file('a.log'), 'two\n');
    const text = await at.explain('a.log', flags);
    expect(text).toContain(`${receiver.url} has 4 of 8 bytes\n  result`);
    expect(text).toMatch(/read from there on\n$/);
    expect(await at.explain('a.log', flags)).toContain('has 4 of 8 bytes');
  });

  it('reports an unreadable checkpoint and leaves it unchanged', async () => {
    using at = folder();
    writeFileSync(at.dir.file('a.log'), 'one\n');
    writeFileSync(at.dir.file('state'), 'a file where a folder should be');
    expect(await at.explain('a.log', { start: 'end' })).toMatch(
      /checkpoint +unreadable\n {2}result +read from its first byte\n$/,
    );
  });
});
