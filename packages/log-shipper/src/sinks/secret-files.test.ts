import { renameSync, writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { readHeaderLines, WatchedFile } from './secret-files.ts';

describe('WatchedFile', () => {
  it('reads a rotated secret again, without its final newline', async () => {
    using dir = tempDir();
    const path = dir.file('token');
    const file = new WatchedFile(path);
    await expect(file.text()).rejects.toMatchObject({ code: 'ENOENT' });
    writeFileSync(path, 'first\n');
    expect(await file.text()).toBe('first');
    expect(await file.text()).toBe('first');
    writeFileSync(dir.file('next'), 'other\r\n');
    renameSync(dir.file('next'), path);
    expect(await file.text()).toBe('other');
  });
});

describe('readHeaderLines', () => {
  it('reads one header per line', () => {
    expect(
      readHeaderLines('X-Scope-OrgID: team\r\n\n# a comment: no\nx-key:a:b  \nnothing\nbad name: x\n'),
    ).toEqual({
      'x-scope-orgid': 'team',
      'x-key': 'a:b',
    });
  });
});
