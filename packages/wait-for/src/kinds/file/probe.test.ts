import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { tryOnce } from '../../../testing/attempt.ts';

const hourAgo = new Date(Date.now() - 3_600_000);

describe('file', () => {
  it.each([
    ['', 'abc', { ok: true }],
    ['min-bytes=3', 'abc', { ok: true }],
    ['min-bytes=4', 'abc', { reason: 'too-small', detail: expect.stringContaining('3 of 4 bytes') }],
    ['newer-than=2h', 'abc', { ok: true }],
    ['newer-than=30m', 'abc', { reason: 'too-old' }],
    [`newer-than=${new Date(hourAgo.getTime() - 1000).toISOString()}`, 'abc', { ok: true }],
    [`newer-than=${new Date(hourAgo.getTime() + 1000).toISOString()}`, 'abc', { reason: 'too-old' }],
    [
      'newer-than=DIR/other',
      'abc',
      { reason: 'too-old', detail: expect.stringContaining('is not newer than') },
    ],
    ['newer-than=DIR/none', 'abc', { reason: 'missing' }],
    ['json:/a=1', '{"a":1}', { ok: true }],
    ['json:/a=2', '{"a":1}', { reason: 'mismatch', detail: expect.stringContaining('has 1 at /a, not 2') }],
    ['json:/a=2', '{"a":', { reason: 'mismatch', detail: expect.stringContaining('is not JSON') }],
    ['stable=1h', 'abc', { reason: 'not-ready' }],
    ['stable=1ms', 'abc', { ok: true }],
  ])('an hour old with "%s" and %j', async (keys, text, outcome) => {
    using dir = tempDir();
    writeFileSync(dir.file('x'), text);
    utimesSync(dir.file('x'), hourAgo, hourAgo);
    writeFileSync(dir.file('other'), '');
    // a file created in this millisecond is not stable for 1 ms
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await tryOnce(`file:${dir.file('x')} ${keys.replace('DIR', dir.path)}`)).toMatchObject(outcome);
  });

  it('is missing also if a folder of its path is a file, or a link is broken', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('file'), '');
    symlinkSync(dir.file('none'), dir.file('link'));
    for (const name of ['none', 'file/x', 'link']) {
      expect(await tryOnce(`file:${dir.file(name)}`)).toMatchObject({ reason: 'missing' });
    }
  });

  it('may be a folder, which contains no JSON', async () => {
    using dir = tempDir();
    mkdirSync(dir.file('folder'));
    expect(await tryOnce(`file:${dir.file('folder')}`)).toMatchObject({ ok: true });
    expect(await tryOnce(`file:${dir.file('folder')} json:/a`)).toMatchObject({
      reason: 'missing',
      detail: expect.stringContaining('is not a regular file'),
    });
  });

  it.each<[string, (path: string) => void]>([
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    ['a device without an end', (path) => symlinkSync('/dev/zero', path)],
  ])('has no JSON if it is %s, and never delays the deadline', async (_, make) => {
    using dir = tempDir();
    make(dir.file('x'));
    expect(await tryOnce(`file:${dir.file('x')} json:/a`)).toMatchObject({
      reason: 'missing',
      detail: expect.stringContaining('is not a regular file'),
    });
  });

  it('is not ready if its JSON is cut at any byte', async () => {
    using dir = tempDir();
    const whole = '{"a": 1, "b": "two"}\n';
    for (let length = 0; length < whole.trimEnd().length; length++) {
      writeFileSync(dir.file('x'), whole.slice(0, length));
      expect(await tryOnce(`file:${dir.file('x')} json:/a=1`)).toMatchObject({ reason: 'mismatch' });
    }
    writeFileSync(dir.file('x'), whole);
    expect(await tryOnce(`file:${dir.file('x')} json:/a=1`)).toMatchObject({ ok: true });
  });

  it('is not read for JSON if it is larger than 1 MiB', async () => {
    using dir = tempDir();
    for (const [bytes, outcome] of [
      [1024 * 1024, { ok: true }],
      [1024 * 1024 + 1, { reason: 'mismatch', detail: expect.stringContaining('is larger than 1 MiB') }],
    ] as const) {
      writeFileSync(dir.file('x'), '{"a":1}'.padEnd(bytes));
      expect(await tryOnce(`file:${dir.file('x')} json:/a`)).toMatchObject(outcome);
    }
  });
});
