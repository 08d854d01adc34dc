import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { findFiles, readSource } from './find-files.ts';

/** A folder with a manifest, as it may come from somebody's pull request, and a secret beside it. */
function checkout() {
  const dir = tempDir();
  mkdirSync(dir.file('repository'));
  writeFileSync(dir.file('secret'), 'secret: text');
  writeFileSync(dir.file('repository/a.yaml'), 'kind: Pod');
  return dir;
}

describe('a folder of manifests', () => {
  it('may contain links to its other manifests', () => {
    using dir = checkout();
    symlinkSync('a.yaml', dir.file('repository/b.yaml'));
    symlinkSync('repository', dir.file('link'));
    for (const folder of [dir.file('repository'), dir.file('link')]) {
      const texts = findFiles(folder).map((found) => readSource(found).text);
      expect(texts).toEqual(['kind: Pod', 'kind: Pod']);
    }
  });

  it.each<[string, string, (path: string) => void]>([
    ['a link out of it', 'outside', (path) => symlinkSync('../secret', path)],
    ['a link into the process', 'outside', (path) => symlinkSync('/proc/self/environ', path)],
    ['a pipe', 'not a regular file', (path) => execFileSync('mkfifo', [path])],
    ['a link to itself', 'ELOOP', (path) => symlinkSync('b.yaml', path)],
  ])('reports %s instead of reading it', (_, fault, plant) => {
    using dir = checkout();
    plant(dir.file('repository/b.yaml'));
    const read = findFiles(dir.file('repository')).map(readSource);
    expect(read).toEqual([
      { name: dir.file('repository/a.yaml'), text: 'kind: Pod' },
      { name: dir.file('repository/b.yaml'), fault: expect.stringContaining(fault) },
    ]);
  });

  it('does not limit a link that is an operand itself', () => {
    using dir = checkout();
    symlinkSync('../secret', dir.file('repository/b.yaml'));
    expect(findFiles(dir.file('repository/b.yaml')).map((found) => readSource(found).text)).toEqual([
      'secret: text',
    ]);
  });
});
