import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { findProgram, interpreterOf } from './find-program.ts';

function program(path: string, text: string, mode = 0o755): string {
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('findProgram', () => {
  it('searches the folders in order', () => {
    using dir = tempDir();
    mkdirSync(dir.file('one'));
    mkdirSync(dir.file('two'));
    program(dir.file('two/run'), '#!/bin/sh\n');
    const path = `${dir.file('none')}:${dir.file('one')}:${dir.file('two')}`;
    expect(findProgram('run', path)).toEqual({ ok: true, file: dir.file('two/run') });
    program(dir.file('one/run'), '#!/bin/sh\n');
    expect(findProgram('run', path)).toEqual({ ok: true, file: dir.file('one/run') });
  });

  it('does not search for a name with a slash', () => {
    using dir = tempDir();
    expect(findProgram('./run', dir.path)).toMatchObject({ ok: false, exitCode: 127 });
  });

  it('skips a file without execute permission, but reports it if no other is found', () => {
    using dir = tempDir();
    mkdirSync(dir.file('bin'));
    program(dir.file('bin/run'), '#!/bin/sh\n', 0o644);
    expect(findProgram('run', dir.file('bin'))).toEqual({
      ok: false,
      exitCode: 126,
      message: `${dir.file('bin/run')}: permission denied`,
    });
    program(dir.file('run'), '#!/bin/sh\n');
    expect(findProgram('run', `${dir.file('bin')}:${dir.path}`)).toMatchObject({ ok: true });
  });

  it.each([
    ['a folder', '', 126],
    ['#!/nowhere/sh\n', 'needs /nowhere/sh, which is missing', 126],
    ['echo hello\n', 'not an executable for this machine', 126],
    ['', 'not an executable for this machine', 126],
    ['\x7fELF\x02\x01' + '\0'.repeat(80), 'not an executable for this machine', 126],
  ])('refuses %j', (text, words, exitCode) => {
    using dir = tempDir();
    if (text === 'a folder') mkdirSync(dir.file('run'));
    else program(dir.file('run'), text);
    const found = findProgram(dir.file('run'));
    expect(found).toMatchObject({ ok: false, exitCode, message: expect.stringContaining(words) });
  });

  it('reports a missing command', () => {
    expect(findProgram('no-such-command')).toEqual({
      ok: false,
      exitCode: 127,
      message: 'no-such-command: command not found',
    });
  });
});

describe('interpreterOf', () => {
  it.each([
    ['#!/bin/sh\necho', '/bin/sh'],
    ['#! /usr/bin/env node\n', '/usr/bin/env'],
    ['#!/bin/sh', '/bin/sh'],
    ['#!\n', undefined],
    ['#!  \n', undefined],
    ['hello', undefined],
  ])('%j is %s', (text, interpreter) => {
    expect(interpreterOf(Buffer.from(text))).toBe(interpreter);
  });

  it('finds the interpreter of a program of this machine', () => {
    expect(interpreterOf(readFileSync(process.execPath).subarray(0, 4096))).toMatch(/^(\/lib.*ld-.*|)$/);
  });
});
