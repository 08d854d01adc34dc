import { type Option, type Program, parseOptions, Refusal } from '@pod-patterns/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flagOf } from '../../packages/kit/src/options/option.ts';
import { programs } from '../options/programs.ts';
import { mark, oddSecret, secretUrls, urlWith, wordSecret } from './odd-urls.ts';

/** Everything that a program prints for this command line and environment. */
function printed(program: Program, argv: readonly string[], env: Record<string, string> = {}): string {
  const parsed = parseOptions(program, { argv, env });
  return JSON.stringify(parsed.ok ? parsed.printable() : parsed.faults);
}

function isGood({ reader }: Option<unknown>, text: string): boolean {
  const value = reader.read(text);
  return value !== undefined && !(value instanceof Refusal);
}

describe.each(programs.map((program) => [program.name, program] as const))('%s', (_, program) => {
  it.each(
    Object.entries<Option<unknown>>(program.options).map(
      ([key, option]) => [flagOf(key, option), option] as const,
    ),
  )('prints no secret in a value of --%s, right or wrong', (flag, option) => {
    // a valid text (a path, an expression) is shown unchanged
    const isText = option.secret !== 'url' && isGood(option, 'u:p w@h');
    const secret = isText ? wordSecret : oddSecret;
    fc.assert(
      fc.property(fc.constantFrom(...secretUrls), secret, (url, text) => {
        expect(printed(program, [`--${flag}=${urlWith(url, text)}`])).not.toContain(mark);
      }),
      { numRuns: 150 },
    );
  });

  it('prints no secret in an unexpected place', () => {
    fc.assert(
      fc.property(fc.constantFrom(...secretUrls), wordSecret, (url, text) => {
        const given = urlWith(url, text);
        const shown = [
          // operands of wait-for are targets, which have their own test
          ...(program.operands === undefined ? [printed(program, [given])] : []),
          ...[printed(program, [`--probe=${given}`]), printed(program, [`--${given}`])],
          printed(program, [], { UPSTREAM_FILE: given, SINK_URL_FILE: given, REDIS_URL_FILE: given }),
        ];
        expect(shown.join('\n')).not.toContain(mark);
      }),
    );
  });
});
