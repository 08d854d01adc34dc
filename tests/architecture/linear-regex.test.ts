import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { regexesOf, superLinear } from './source-regexes.ts';

const root = join(import.meta.dirname, '../..');
const files = globSync('packages/*/src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
const sources = files.map((file) => ({ file, ...regexesOf(readFileSync(join(root, file), 'utf8')) }));

/** How many expressions of a file, and why they do no harm. */
type Judged = Readonly<Record<string, readonly [count: number, why: string]>>;

/** Super-linear, and what bounds each text that they see. */
const bounded: Judged = {
  'packages/statsd-adaptor/src/map/go-duration.ts': [
    1,
    'only texts of the whole form, in which it never fails',
  ],
  'packages/wait-for/src/target/place.ts': [2, "the operator's own targets"],
  'packages/web/src/views/format-figure.ts': [1, 'the digits of a number, at most 22'],
};

/** Not literals, so that the analysis cannot see them, and why they are linear or bounded. */
const built: Judged = {
  'packages/kit/src/mask/mask-url.ts': [
    1,
    'hosts between commas, each in one way only; see mask-url.test.ts',
  ],
  'packages/pod-review/src/api/validate/names.ts': [1, 'tests no text above the most characters of a name'],
  'packages/pod-review/src/pod/environment.ts': [1, 'a list of words between blanks'],
  'packages/pod-review/src/roles/images.ts': [1, 'a list of words'],
  'packages/pod-review/src/rules/sidecar-waits-for-app.ts': [1, 'a copy of a literal with the flag g'],
  'packages/statsd-adaptor/src/map/go-duration.ts': [
    1,
    'terms that begin with a digit and end with a letter',
  ],
  'packages/statsd-adaptor/src/parse/go-float.ts': [
    2,
    'digits with single underscores; see worst-lines.test.ts',
  ],
  'packages/wait-for/src/target/kinds/http.ts': [1, "the operator's, given up in time by match-in-time.ts"],
};

describe('regular expressions in the sources of all packages', () => {
  const slow = sources.flatMap(({ file, literals }) =>
    literals.flatMap((literal) => {
      const [why] = superLinear(literal);
      return why === undefined ? [] : [{ file, what: `/${literal.source}/${literal.flags} ${why}` }];
    }),
  );

  it('take time in proportion to a text, but for those whose texts are bounded', () => {
    expect(slow.filter(({ file }) => !(file in bounded))).toEqual([]);
    for (const [file, [count]] of Object.entries(bounded)) {
      expect(slow.filter((one) => one.file === file)).toHaveLength(count);
    }
  });

  it('are literals, but for those that somebody has judged', () => {
    const found = sources.filter((source) => source.built.length > 0);
    expect(found.map((source) => [source.file, source.built.length]).sort()).toEqual(
      Object.entries(built).map(([file, [count]]) => [file, count]),
    );
  });

  it('are there to be found', () => {
    expect(sources.reduce((sum, { literals }) => sum + literals.length, 0)).toBeGreaterThan(250);
  });
});

describe('the analysis', () => {
  const findings = (literal: string) => regexesOf(`text.match(${literal})`).literals.flatMap(superLinear);

  it.each([
    // once found credentials in logs: 16 s for a line of 100 KB
    String.raw`/(?<keep>[a-z][a-z0-9+.-]*:(?:\\?\/){2}(?:[^\s/?#"'<>\\@:]*:(?=[^@]))?)[^\s/?#"'<>\\]+(?=@)/gi`,
    String.raw`/[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g`,
    '/(?:a+)+b/',
    '/[ \\t]+$/',
    '/^a*a*$/',
  ])('finds %s', (literal) => {
    expect(findings(literal)).not.toEqual([]);
  });

  it.each(['/^a*b*$/', '/ab*c/', '/[^/?#]+/g', '/^(?:\\d{1,3}\\.){3}\\d{1,3}$/'])('passes %s', (literal) => {
    expect(findings(literal)).toEqual([]);
  });

  it('sees what is built at run time', () => {
    const source =
      'const a = new RegExp(text, "i"); const b: RegExp = RegExp("^" + a.source); new Other(text);';
    expect(regexesOf(source).built).toEqual(['text, "i"', '"^" + a.source']);
  });
});
