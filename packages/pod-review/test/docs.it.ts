import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawApp, pictureFile, readmeFile, renewReadme } from '../scripts/write-docs.ts';

describe('generated files match the code (if not, run packages/pod-review/scripts/write-docs.ts)', () => {
  it('README.md', () => {
    const readme = readFileSync(readmeFile, 'utf8');
    expect(renewReadme(readme)).toBe(readme);
  });

  it('app-pod.svg', () => {
    expect(readFileSync(pictureFile, 'utf8')).toBe(drawApp('svg'));
  });
});
