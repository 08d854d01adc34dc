import { describe, expect, it } from 'vitest';
import { planRelease } from '../../scripts/release/plan.ts';

const image = 'pod-patterns/';
const tree = (changelog = '## Unreleased\n\n- [BUGFIX] b\n\n## 41.9.0 (2026-01-31)\n\n- [FEATURE] a\n') =>
  new Map([
    ['package.json', '{\n  "name": "pod-patterns",\n  "version": "41.9.0"\n}\n'],
    ['a.yaml', `image: ${image}web:41.9.0\n`],
    ['b.yaml', 'image: nginx:41.9.0\n'],
    ['CHANGELOG.md', changelog],
  ]);
const plan = (version: string, { tags = ['v41.9.0', 'v41.8.0', 'vnext'], from = tree() } = {}) =>
  planRelease(from, { version, tags, date: '2026-02-28' });

it('changes the files that name the version, and the changelog', () => {
  expect(plan('41.10.0')).toEqual({
    changed: new Map([
      ['package.json', '{\n  "name": "pod-patterns",\n  "version": "41.10.0"\n}\n'],
      ['a.yaml', `image: ${image}web:41.10.0\n`],
      [
        'CHANGELOG.md',
        '## Unreleased\n\n## 41.10.0 (2026-02-28)\n\n- [BUGFIX] b\n\n## 41.9.0 (2026-01-31)\n\n- [FEATURE] a\n',
      ],
    ]),
  });
});

it('takes the version of the tree while it has not been released', () => {
  const from = tree('## Unreleased\n\n- [FEATURE] a\n');
  expect(plan('41.9.0', { tags: [''], from })).toEqual({
    changed: new Map([['CHANGELOG.md', '## Unreleased\n\n## 41.9.0 (2026-02-28)\n\n- [FEATURE] a\n']]),
  });
});

describe('a release is refused', () => {
  it.each([
    ['', 'expected X.Y.Z'],
    ['42', 'expected X.Y.Z'],
    ['v42.0.0', 'expected X.Y.Z'],
    ['42.00.0', 'expected X.Y.Z'],
    ['42.0.0-rc.1', 'expected X.Y.Z'],
    ['42.0.0+1', 'expected X.Y.Z'],
    ['42.0.0\n', 'expected X.Y.Z'],
    ['41.8.0', 'the tag v41.8.0 exists'],
    ['41.8.1', 'expected a version above the last release, 41.9.0'],
  ])('for the version %j', (version, fault) => {
    expect(plan(version)).toEqual({ fault: `VERSION "${version}": ${fault}` });
  });

  it('for a version that the changelog has, where its tag was not fetched', () => {
    const fault = 'VERSION "41.9.0": expected a version above the last release, 41.9.0';
    expect(plan('41.9.0', { tags: [] })).toEqual({ fault });
  });

  it('for a version below that of the tree', () => {
    const fault = 'VERSION "41.8.9": expected at least 41.9.0, the version in package.json';
    expect(plan('41.8.9', { tags: [], from: tree('## Unreleased\n\n- a\n') })).toEqual({ fault });
  });

  it('without an entry in the changelog', () => {
    const fault = 'CHANGELOG.md: "## Unreleased": expected the entries of this release';
    expect(plan('42.0.0', { from: tree('## Unreleased\n\n## 41.9.0 (2026-01-31)\n\n- a\n') })).toEqual({
      fault,
    });
  });

  it('when the changelog could not be closed', () => {
    const from = tree('## Unreleased\n\n- b\n\n## 41.9.0\n');
    expect(plan('42.0.0', { from })).toEqual({
      fault: 'CHANGELOG.md: "## 41.9.0": expected ## X.Y.Z (YYYY-MM-DD)',
    });
  });
});
