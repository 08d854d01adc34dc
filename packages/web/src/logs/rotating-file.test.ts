import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { unprivileged } from '@pod-patterns/kit/testing/unprivileged';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RotatingFile, type RotatingFileOptions } from './rotating-file.ts';

interface Drops {
  readonly onDrop: RotatingFileOptions['onDrop'];
  readonly seen: Array<[lines: number, reason: string]>;
}

function drops(): Drops {
  const seen: Drops['seen'] = [];
  return { seen, onDrop: (lines, reason) => void seen.push([lines, reason]) };
}

function open(folder: string, options: Partial<RotatingFileOptions> = {}): Promise<RotatingFile> {
  return RotatingFile.open({
    folder,
    name: 'app',
    maxBytes: 1000,
    maxFiles: 3,
    onDrop: (lines, reason) => {
      throw new Error(`dropped ${lines}: ${reason}`);
    },
    ...options,
  });
}

const written = (file: RotatingFile, line: string) =>
  new Promise<void>((resolve) => file.write(line, () => resolve()));

describe('RotatingFile', () => {
  it('creates its folder and appends to an existing file', async () => {
    using dir = tempDir();
    const folder = join(dir.path, 'var/log');
    for (const line of ['one\n', 'two\n']) {
      await using file = await open(folder);
      file.write(line);
    }
    expect(readFileSync(join(folder, 'app.log'), 'utf8')).toBe('one\ntwo\n');
  });

  it('rotates the file at its size and keeps the given number of files', async () => {
    using dir = tempDir();
    {
      await using file = await open(dir.path, { maxBytes: 10 });
      for (const word of ['a', 'b', 'c', 'd', 'e']) await written(file, `${word.repeat(9)}\n`);
      await written(file, 'now\n');
    }
    const kept = readdirSync(dir.path).map((name) => [name, readFileSync(dir.file(name), 'utf8')[0]]);
    expect(Object.fromEntries(kept)).toEqual({ 'app.log': 'n', 'app.1.log': 'e', 'app.2.log': 'd' });
  });

  it('loses, doubles and cuts no line, and keeps their order', async () => {
    const lines = fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.integer({ min: 1, max: 400 }),
        fc.array(fc.nat(120)),
        async (sizes, maxBytes, pauses) => {
          using dir = tempDir();
          const sent = sizes.map((size, index) => `${index} ${'ä'.repeat(size)}\n`);
          {
            await using file = await open(dir.path, { maxBytes, maxFiles: 1000 });
            for (const [index, line] of sent.entries()) {
              if (pauses.includes(index)) await written(file, line);
              else file.write(line);
            }
          }
          const rotated = readdirSync(dir.path).length - 1;
          const names = Array.from({ length: rotated }, (_, index) => `app.${rotated - index}.log`);
          const found = [...names, 'app.log'].map((name) => {
            const text = readFileSync(dir.file(name), 'utf8');
            expect(text === '' || text.endsWith('\n')).toBe(true);
            return text;
          });
          expect(found.join('')).toBe(sent.join(''));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('drops and counts lines on a full disk, and continues', async () => {
    using dir = tempDir();
    symlinkSync('/dev/full', dir.file('app.log'));
    const { seen, onDrop } = drops();
    await using file = await open(dir.path, { onDrop });
    await written(file, 'lost\n');
    expect(seen).toEqual([[1, 'ENOSPC']]);
    rmSync(dir.file('app.log'));
    await written(file, 'kept\n');
    expect(readFileSync(dir.file('app.log'), 'utf8')).toBe('kept\n');
  });

  it('is full beyond the memory limit until its lines are written', async () => {
    using dir = tempDir();
    await using file = await open(dir.path, { maxBytes: 1e9 });
    expect(file.isFull).toBe(false);
    for (let count = 0; count < 5; count++) file.write(`${'x'.repeat(1024 * 1024)}\n`);
    expect(file.isFull).toBe(true);
    await written(file, 'last\n');
    expect(file.isFull).toBe(false);
  });

  it('gives the reason if the file cannot be opened', async () => {
    using dir = tempDir();
    mkdirSync(dir.file('closed'), { mode: 0o500 });
    await unprivileged(dir.path, async () => {
      await expect(open(dir.file('closed'))).rejects.toMatchObject({ code: 'EACCES' });
    });
  });

  it('refuses a path that is not a folder', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('log'), '');
    await expect(open(dir.file('log'))).rejects.toMatchObject({ code: 'EEXIST' });
    mkdirSync(dir.file('app.log'));
    await expect(open(dir.path)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
