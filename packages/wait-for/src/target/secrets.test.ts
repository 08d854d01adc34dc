import { writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Files } from '../probe/files.ts';
import { readTargetFile } from './read-file.ts';
import { readTargetLine } from './read-target.ts';
import { isGroup, type Wanted } from './target.ts';

/** A mark in every part of a secret, so that any leaked part is found. */
const mark = 'zQ7x';

/** A realistic secret with characters that may split it: spaces, quotes, `@`, `/`, `?`, `%`, `:`. */
const secret = fc
  .array(
    fc.constantFrom(
      '',
      ' ',
      '@',
      '/',
      '?',
      '#',
      ':',
      '%',
      '%41',
      '"',
      "'",
      '\\',
      '=',
      ',',
      '&',
      '[',
      ']',
      'ä',
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((between) => between.map((odd) => `${mark}${odd}`).join('') + mark);

/** Characters that would turn a part of the secret into something else, such as the path or a header name. */
const unparted = [
  'http://api header=SECRET',
  'redis://SECRET@h',
  'mysql://SECRET@db',
  'http://SECRET@api/path',
];

const urls = [
  ...unparted,
  'redis://:SECRET@h:6379/0',
  'rediss://user:SECRET@h',
  'postgres://app:SECRET@db:5432/orders',
  'amqp://guest:SECRET@mq:port',
  'mongodb://u:SECRET@a,b/x',
  'kafka://u:SECRET@k:0',
  'http://u:SECRET@api/path',
  'https://api/path?token=SECRET&x=1',
  'htp://u:SECRET@api',
  'k8s://u:SECRET@api/x',
  'k8s:u:SECRET@job/x',
  'dns:u:SECRET@api',
  'file:u:SECRET@api',
  'unix://u:SECRET@api',
  'tcp://u:SECRET@db:1',
  'u:SECRET@db:5432',
  'http://api header=Authorization:SECRET',
  'http://api header="Authorization: Bearer SECRET"',
  'http://api "header=X: SECRET @/run/token"',
  'http://api "expect-header=X-Token SECRET"',
  'header=SECRET',
  'header=Authorization:SECRET',
  '"header=Authorization SECRET"',
  'expect-header=SECRET',
  'X-Token=SECRET',
  'http://api X-Token:SECRET',
];

const line = fc
  .record({
    url: fc.constantFrom(...urls),
    secret,
    more: fc.constantFrom('', ' timeout=1s', ' timeot=1s', ' stable=x', ' name=a name=b', ' optional', ' "'),
  })
  .map(({ url, secret: text, more }) => {
    const written = unparted.includes(url) ? text.replace(/[/?#:]/g, '') : text;
    return url.replace('SECRET', () => written) + more;
  });

/** Every output about a target. */
function shown(wanted: Wanted): unknown {
  if (isGroup(wanted)) return [wanted.name, wanted.members.map(shown)];
  return [wanted.name, wanted.kind, wanted.shown, wanted.settings];
}

it('is never shown for a target on the command line, valid or not', () => {
  fc.assert(
    fc.property(line, (text) => {
      const read = readTargetLine(text, 'target 1');
      expect(JSON.stringify(read.ok ? shown(read.value) : read.faults)).not.toContain(mark);
    }),
    { numRuns: 2000 },
  );
}, 60_000);

it('is never shown for a file, valid or not', async () => {
  using dir = tempDir();
  const text = fc.oneof(
    line.map((one) => `targets:\n  - ${JSON.stringify(one)}`),
    line.map((one) => `targets:\n  - any: [${JSON.stringify(one)}]`),
    // unquoted, which is often not valid YAML
    line.map((one) => `targets:\n  - ${one}`),
    secret.map((one) => `targets:\n  - target: http://a\n    header: "Authorization: ${one}"`),
    secret.map((one) => `targets:\n  - target: redis://:${one}@h\n    stable: x`),
  );
  await fc.assert(
    fc.asyncProperty(text, async (yaml) => {
      writeFileSync(dir.file('t.yaml'), yaml);
      const read = await readTargetFile(dir.file('t.yaml'), new Files());
      expect(JSON.stringify(read.ok ? read.value.map(shown) : read.faults)).not.toContain(mark);
    }),
    { numRuns: 500 },
  );
}, 60_000);
