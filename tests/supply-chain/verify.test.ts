import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The commands of a text that check a signature, without their line breaks. */
function checksIn(text: string): Set<string> {
  const commands = text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim());
  return new Set(
    commands.filter((line) => /^(cosign verify|sha256sum|while read|done <|issuer=)/.test(line)),
  );
}

it('a user verifies what the workflow signs', () => {
  const workflow = read('.github/workflows/release.yml');
  const signed = checksIn(workflow.slice(workflow.indexOf('\n  sign:')));
  const verified = checksIn(read('SECURITY.md'));
  expect(verified.size).toBe(6);
  expect([...verified].sort()).toEqual([...signed].sort());
  // the identity of the certificate is the workflow's file at the tag
  expect(read('SECURITY.md')).toContain('/.github/workflows/release.yml@refs/tags/v');
});
