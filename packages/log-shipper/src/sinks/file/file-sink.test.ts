import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { FileSink } from './file-sink.ts';

const record = { bytes: Buffer.from('{"a":1}\n') };
const sinkTo = (path: string) => new FileSink({ name: `file://${path}`, path });

describe('the file sink', () => {
  it.each<[string, string, (path: string) => void]>([
    ['a link', 'ELOOP', (path) => symlinkSync('checkpoint', path)],
    ['a link to nowhere', 'ELOOP', (path) => symlinkSync('none', path)],
    ['a pipe', 'not_regular', (path) => execFileSync('mkfifo', [path])],
    ['a folder', 'EISDIR', (path) => mkdirSync(path)],
  ])('refuses to write to %s, and continues when it is gone', async (_, reason, plant) => {
    using dir = tempDir();
    writeFileSync(dir.file('checkpoint'), 'a line without an end');
    await using sink = sinkTo(dir.file('records'));
    for (const isOpen of [false, true]) {
      plant(dir.file('new'));
      if (isOpen) rmSync(dir.file('records'));
      renameSync(dir.file('new'), dir.file('records'));
      expect(await sink.send(record)).toMatchObject({ kind: 'retry', reason });
      expect(readFileSync(dir.file('checkpoint'), 'utf8')).toBe('a line without an end');
      rmSync(dir.file('records'), { recursive: true });
      expect(await sink.send(record)).toEqual({ kind: 'accepted' });
      expect(readFileSync(dir.file('records'), 'utf8')).toBe('{"a":1}\n');
    }
  });
});
