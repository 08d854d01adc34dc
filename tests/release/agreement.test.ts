import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { images, packages } from '../../scripts/packages.ts';
import { versionFaults, versionOf } from '../../scripts/release/agreement.ts';
import { namedVersions, withVersion } from '../../scripts/release/named-versions.ts';
import { readTree } from '../../scripts/release/tree.ts';

describe('this checkout', () => {
  const tree = readTree(join(import.meta.dirname, '../..'));

  it('names one version in its packages, images, manifests and changelog', () => {
    expect(versionFaults(tree)).toEqual([]);
  });

  it('names it in each file that a release changes', () => {
    const files = [...tree].filter(([, text]) => namedVersions(text).length > 0).map(([file]) => file);
    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'package-lock.json',
        'docker-bake.hcl',
        'docker-compose.yml',
        'k8s/app/deployment.yaml',
        'SECURITY.md',
        ...packages.map((name) => `packages/${name}/package.json`),
        ...images.map((name) => `packages/${name}/Dockerfile`),
      ]),
    );
    const locked = namedVersions(tree.get('package-lock.json') ?? '');
    // twice for the root, once for each package, and once for each that depends on kit
    expect(locked).toHaveLength(2 + packages.length + packages.length - 1);
    expect(new Set(locked.map(({ version }) => version))).toEqual(new Set([versionOf(tree)]));
  });
});

it('the release workflow checks that its tag agrees, and builds the version that this says', () => {
  const workflow = readFileSync(join(import.meta.dirname, '../../.github/workflows/release.yml'), 'utf8');
  expect(workflow).toContain('node scripts/release/check-version.ts "$GITHUB_REF_NAME" >>"$GITHUB_ENV"\n');
});

// in parts, so that a release does not take these for places of its own
const image = 'pod-patterns/';

describe.each([
  ['a package', '{\n  "name": "@pod-patterns/', 'web",\n  "version": "41.0.7",'],
  ['the root', '{\n  "name": "pod-', 'patterns",\n  "version": "41.0.7",'],
  ['a dependency on kit', '"@pod-patterns', '/kit": "41.0.7"'],
  ['an image', image, 'web:41.0.7'],
  ['an image in a registry', `registry.example:5000/${image}`, 'web:41.0.7@sha256:00'],
  ['an image in compose', image, `log-shipper:\${VERSION:-41.0.7}`],
  ['any of the images', image, '<name>:41.0.7'],
  ['an image in a kustomization', `newName: r/${image}`, 'web\n    newTag: 41.0.7'],
  ['an image in a picture', '<te', 'xt x="1" fill="#48525f" >web:41.0.7</text>'],
  ['the default of bake', 'variable "VERSION" ', '{\n  default = "41.0.7"\n}'],
  ['the default of a Dockerfile', 'ARG VERS', 'ION=41.0.7'],
  ['a label', 'app.kubernetes.io/', 'version: 41.0.7'],
  ['the tag that was signed for', 'release.yml@refs/', 'tags/v41.0.7'],
  ['a component by its URL', '<repository>//k8s/', 'helpers/redis-ambassador?ref=v41.0.7'],
])('%s', (_, head, tail) => {
  const text = `\n${head}${tail}`;

  it('is a place that names the version', () => {
    const line = text.slice(0, text.indexOf('41.0.7')).split('\n').length;
    expect(namedVersions(text)).toEqual([{ line, version: '41.0.7' }]);
    expect(withVersion(text, '42.1.0')).toBe(text.replace('41.0.7', '42.1.0'));
  });
});

it.each([
  'nginx:41.0.7',
  '"zod": "41.0.7"',
  '10.41.0.7/16',
  '"name": "zod",\n  "version": "41.0.7"',
  'v41.0.7',
])('%j is the version of something else', (text) => {
  expect(namedVersions(text)).toEqual([]);
  expect(withVersion(text, '42.1.0')).toBe(text);
});

describe('a tree is refused', () => {
  const tree = ({ changelog = '## Unreleased\n\n## 41.0.7 (2026-01-31)\n', tag = '41.0.7' }) =>
    new Map([
      ['package.json', '{ "version": "41.0.7" }'],
      ['a.yaml', `\nimage: ${image}web:${tag}\n`],
      ['CHANGELOG.md', changelog],
    ]);

  it('for nothing when all agree', () => {
    expect(versionFaults(tree({}), 'v41.0.7')).toEqual([]);
    expect(versionFaults(tree({ changelog: '## Unreleased\n' }))).toEqual([]);
  });

  it.each([
    ['another image', { tag: '41.0.6' }, 'v41.0.7', 'a.yaml:2: 41.0.6: expected 41.0.7, as in package.json'],
    ['another tag', {}, 'v41.0.8', 'tag v41.0.8: expected v41.0.7, as in package.json'],
    ['a tag without its v', {}, '41.0.7', 'tag 41.0.7: expected v41.0.7, as in package.json'],
    [
      'a changelog without the release',
      { changelog: '## Unreleased\n' },
      'v41.0.7',
      'CHANGELOG.md: newest release is none: expected 41.0.7, as in package.json',
    ],
    [
      'a changelog of another release, without a tag too',
      { changelog: '## Unreleased\n\n## 41.0.6 (2026-01-31)\n' },
      undefined,
      'CHANGELOG.md: newest release is 41.0.6: expected 41.0.7, as in package.json',
    ],
  ])('for %s', (_, parts, tag, fault) => {
    expect(versionFaults(tree(parts), tag)).toEqual([fault]);
  });
});
