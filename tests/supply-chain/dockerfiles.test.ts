import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const dockerfiles = globSync('packages/*/Dockerfile', { cwd: root }).map((file) => ({
  name: basename(dirname(file)),
  text: readFileSync(join(root, file), 'utf8').replace(/^#.*\n/gm, ''),
}));

describe('the Dockerfiles of the packages', () => {
  it('differ only in the name up to their labels, so that builds share stages and layers', () => {
    const starts = dockerfiles.map(({ name, text }) => {
      const start = text.slice(0, text.indexOf('LABEL ')).replace(/^COPY .*package\.json .*\n/gm, '');
      return start.replaceAll(name, 'NAME');
    });
    expect(new Set(starts).size).toBe(1);
    const manifests = dockerfiles.map(({ text }) => text.match(/^COPY .*package\.json .*/gm)?.join('\n'));
    expect(new Set(manifests).size).toBe(1);
  });

  it('download only what a lockfile or a signature verifies', () => {
    expect(dockerfiles.length).toBeGreaterThan(4);
    for (const { name, text } of dockerfiles) {
      const downloads = text.match(/\b(?:npm|npx|apt|apt-get|curl|wget) [\w-]+|^ADD .*|https?:.*/gm);
      expect(downloads, name).toEqual(['apt-get update', 'apt-get download', 'npm ci']);
      // settings that accept packages without a signature
      expect(text, name).not.toMatch(/trusted|unauthenticated|insecure|--no-gpg|sources\.list/i);
    }
  });
});
