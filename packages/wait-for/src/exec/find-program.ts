import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '@pod-patterns/kit';

/** A program that can be started, or why it cannot be: exit codes as shells have them. */
export type Found =
  | { readonly ok: true; readonly file: string }
  | { readonly ok: false; readonly exitCode: 126 | 127; readonly message: string };

/**
 * Finds a command as execvp(3) does, and makes sure that it will start: a failing execve would abort this
 * process, not return.
 */
export function findProgram(name: string, path = '/usr/local/bin:/usr/bin:/bin'): Found {
  if (name.includes('/')) return check(name);
  let refused: Found | undefined;
  for (const folder of path.split(':')) {
    const found = check(join(folder === '' ? '.' : folder, name));
    if (found.ok) return found;
    if (found.exitCode === 126) refused ??= found;
  }
  return refused ?? { ok: false, exitCode: 127, message: `${name}: command not found` };
}

function check(file: string): Found {
  try {
    if (!statSync(file).isFile()) return { ok: false, exitCode: 126, message: `${file}: not a regular file` };
    accessSync(file, constants.X_OK);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EACCES') return { ok: false, exitCode: 126, message: `${file}: permission denied` };
    return { ok: false, exitCode: 127, message: `${file}: no such file` };
  }
  const start = readStart(file);
  // the kernel decides about a file that is executable but not readable
  const needed = start === undefined ? '' : interpreterOf(start);
  if (needed === undefined)
    return { ok: false, exitCode: 126, message: `${file}: not an executable for this machine` };
  if (needed === '' || isThere(needed)) return { ok: true, file };
  return { ok: false, exitCode: 126, message: `${file}: needs ${needed}, which is missing` };
}

const startBytes = 4096;

/** First bytes of a file, or undefined if it is not readable. */
function readStart(file: string): Buffer | undefined {
  try {
    const handle = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(startBytes);
      return bytes.subarray(0, readSync(handle, bytes, 0, startBytes, 0));
    } finally {
      closeSync(handle);
    }
  } catch {
    return undefined;
  }
}

function isThere(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds the program that the kernel needs to start a file with these first bytes: the interpreter of a script (`#!`) or of
 * a dynamically linked program; empty when it needs none, undefined when the kernel would not start it.
 */
export function interpreterOf(start: Buffer): string | undefined {
  if (start.toString('latin1', 0, 2) === '#!') {
    const [line = ''] = start.toString('utf8', 2).split('\n');
    return line.trim().split(/[ \t]/)[0] || undefined;
  }
  if (start.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  return elfInterpreter(start);
}

const sixtyFourBit = 2;
const programInterpreter = 3;

/** PT_INTERP of a 64-bit ELF file (elf(5)). Others are left to the kernel. */
function elfInterpreter(start: Buffer): string | undefined {
  const isLittleEndian = start[5] === 1;
  if (start.length < 64 || start[4] !== sixtyFourBit || !isLittleEndian) return '';
  const machines: Partial<Record<string, number>> = { x64: 62, arm64: 183 };
  if (start.readUInt16LE(18) !== machines[process.arch]) return undefined;
  const headersAt = Number(start.readBigUInt64LE(32));
  const headerBytes = start.readUInt16LE(54);
  const count = start.readUInt16LE(56);
  for (let index = 0; index < count; index++) {
    const at = headersAt + index * headerBytes;
    if (at + 56 > start.length) break;
    if (start.readUInt32LE(at) !== programInterpreter) continue;
    const from = Number(start.readBigUInt64LE(at + 8));
    const bytes = Number(start.readBigUInt64LE(at + 32));
    return start.toString('utf8', from, from + bytes - 1);
  }
  return '';
}
