import { describe, expect, it } from 'vitest';
import {
  changelogFaults,
  closeSection,
  hasUnreleased,
  newestEntries,
} from '../../scripts/release/changelog.ts';

const before = `# Changelog

For operators.

## Unreleased

- [BUGFIX] b

### Notes
- c

## 41.0.7 (2026-01-31)

- [FEATURE] a
`;
const after = before.replace('## Unreleased\n', '## Unreleased\n\n## 41.1.0 (2026-02-28)\n');

it('a release closes what is unreleased and opens the next section', () => {
  const closed = closeSection(before, '41.1.0', '2026-02-28');
  expect(closed).toBe(after);
  expect(changelogFaults(closed)).toEqual([]);
  expect([hasUnreleased(before), hasUnreleased(closed)]).toEqual([true, false]);
});

it.each([
  ['before it', before],
  ['on its commit', after],
])('the notes of a release are its entries, %s', (_, changelog) => {
  expect(newestEntries(changelog)).toBe('- [BUGFIX] b\n\n### Notes\n- c');
});

describe('the form of a changelog', () => {
  it.each([
    ['no section', '# Changelog\n', ['"## ": expected ## Unreleased as the first section']],
    [
      'no section for the next release',
      '## 41.0.7 (2026-01-31)\n',
      ['"## 41.0.7 (2026-01-31)": expected ## Unreleased as the first section'],
    ],
    [
      'a release without a date',
      '## Unreleased\n## 41.0.7\n',
      ['"## 41.0.7": expected ## X.Y.Z (YYYY-MM-DD)'],
    ],
    [
      'two sections for the next release',
      '## Unreleased\n## Unreleased\n',
      ['"## Unreleased": expected ## X.Y.Z (YYYY-MM-DD)'],
    ],
    [
      'a version twice',
      '## Unreleased\n## 41.0.7 (2026-01-31)\n## 41.0.7 (2026-01-30)\n',
      ['"## 41.0.7 (2026-01-30)": expected the newest version first'],
    ],
    ['numbers in order', '## Unreleased\n## 41.10.0 (2026-01-31)\n## 41.9.0 (2026-01-30)\n', []],
  ])('%s', (_, changelog, faults) => {
    expect(changelogFaults(changelog)).toEqual(faults);
  });
});
