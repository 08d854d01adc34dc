import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

interface Update {
  readonly 'package-ecosystem': string;
  readonly directory: string;
  readonly cooldown?: { readonly 'default-days'?: number };
}

const file = join(import.meta.dirname, '../../.github/dependabot.yml');
const { updates }: { updates: readonly Update[] } = parse(readFileSync(file, 'utf8'));

it('updates packages, actions and the pinned images', () => {
  const kept = updates.map((update) => `${update['package-ecosystem']} ${update.directory}`);
  expect(kept).toEqual(['npm /', 'github-actions /', 'docker /']);
});

it('waits some days before it proposes a release', () => {
  for (const { cooldown } of updates) expect(cooldown?.['default-days']).toBeGreaterThanOrEqual(3);
});
