import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const docs = join(import.meta.dirname, '../../docs');
const text = readFileSync(join(docs, 'threat-model.md'), 'utf8');
const references = [...text.matchAll(/\[([^\]]+)\]\(([^)]+\.(?:test|it|docker)\.ts)\)/g)].map(
  ([, title = '', file = '']) => ({ title, file }),
);

/** The rows of the tables that name a test in their last column. */
const rows = text
  .split('\n\n')
  .filter((block) => block.split('\n')[0]?.endsWith('| shown by |'))
  .flatMap((table) => table.split('\n').slice(2))
  .filter((line) => line.startsWith('|'));

describe('the threat model', () => {
  it('names a test for every threat', () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((row) => !/\.ts\) \|$/.test(row))).toEqual([]);
  });

  it('has a section for every package that runs', () => {
    const packages = readdirSync(join(docs, '../packages')).filter((name) => name !== 'kit');
    const sections = [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(packages.filter((name) => !sections.includes(name))).toEqual([]);
  });

  it.each(references)('refers to a test that exists: $title', ({ title, file }) => {
    const path = join(docs, file);
    expect(existsSync(path), file).toBe(true);
    expect(readFileSync(path, 'utf8').replaceAll("\\'", "'")).toContain(title);
  });
});
