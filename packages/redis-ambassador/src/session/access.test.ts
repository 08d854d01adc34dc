import { writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { Access } from './access.ts';

describe('Access', () => {
  it('admits only the default user without a file', () => {
    const access = new Access(undefined);
    expect([access.isOpen, access.admits('default', 'x'), access.admits('app', 'x')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    ['default', 'plain', true],
    ['default', 'with:colon', true],
    ['with', 'colon', true],
    ['app', 'secret', true],
    ['default', 'app:secret', true],
    ['app', 'plain', false],
    ['default', 'secret', false],
    ['default', '', false],
    ['', '', false],
    ['default', Buffer.from('pässwörd').toString('latin1'), true],
  ])('decides for user %j with password %j: %s', (user, password, isAdmitted) => {
    using folder = tempDir();
    writeFileSync(folder.file('auth'), 'plain\nwith:colon\n\napp:secret\r\npässwörd\n');
    expect(new Access(folder.file('auth')).admits(user, password)).toBe(isAdmitted);
  });

  it('reports an unreadable file', () => {
    using folder = tempDir();
    expect(() => new Access(folder.file('none')).admits('default', 'x')).toThrow(
      /cannot read the password file/,
    );
  });
});
