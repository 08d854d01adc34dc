import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed, needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { images as names } from '../../scripts/packages.ts';
import { bakeMetadata, digestOf } from './bake-metadata.ts';

const root = join(import.meta.dirname, '../..');
const kubectl = installed('kubectl');

describe('the files of a release', needs(kubectl), () => {
  it('name each image of ours by digest, and their checksums hold', () => {
    using folder = tempDir();
    writeFileSync(folder.file('metadata.json'), bakeMetadata(names));
    const ran = run(folder.file('metadata.json'), folder.file('release'));
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    const read = (file: string) => readFileSync(folder.file(`release/${file}`), 'utf8');

    for (const overlay of ['kind', 'production']) {
      const images = new Set(read(`${overlay}.yaml`).match(/(?<=image: ).*pod-patterns\/.*/g));
      // the page is for demonstrations
      const run = overlay === 'production' ? names.filter((name) => name !== 'pod-page') : names;
      expect([...images].sort()).toEqual(run.map(pushed).sort());
    }
    expect(read('CHANGES.md')).toMatch(/^- \[[A-Z]+\] .+$/m);
    expect(read('images.txt').trim().split('\n')).toEqual(names.map(pushed));
    expect(read('SHA256SUMS').trim().split('\n')).toHaveLength(5);
    const checked = spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
      cwd: folder.file('release'),
      encoding: 'utf8',
    });
    expect(checked).toMatchObject({ status: 0, stderr: '' });
  });

  it('are not written when an image has no digest', () => {
    using folder = tempDir();
    writeFileSync(folder.file('metadata.json'), '{"web-published":{}}');
    const { status, stderr } = run(folder.file('metadata.json'), folder.file('release'));
    expect([status, stderr]).toEqual([1, expect.stringContaining('web-published: image.name ""')]);
  });
});

function pushed(name: string): string {
  return `registry.example:5000/own/pod-patterns/${name}@${digestOf(name)}`;
}

function run(metadata: string, folder: string) {
  const script = join(root, 'scripts/release/write-files.ts');
  return spawnSync(process.execPath, [script, metadata, folder], { encoding: 'utf8' });
}
