import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { analyse } from 'scslre';
import { describe, expect, it } from 'vitest';
import { type Attack, attacksOn } from './attacks.ts';
import { regexesOf, sourcesOf } from './regexes.ts';

/**
 * No text from outside may keep a program busy. For each expression in the sources, finds loops in which an engine can
 * backtrack, and measures a megabyte of text that makes it do so.
 */
const root = join(import.meta.dirname, '../..');
const found = sourcesOf(root).flatMap((file) => regexesOf(root, file));

/** Expressions that may be slow with long texts, with the reason that they get none. */
const bounded: Readonly<Record<string, string>> = {
  'packages/pod-page/src/pod/format-figure.ts /\\B(?=(\\d{3})+$)/g': 'the digits of one number',
};

/** Expressions made at run time, with the proof that they are linear. */
const made: Readonly<Record<string, string>> = {
  'packages/kit/src/mask/mask-url.ts': 'hosts between commas, each in one way only; mask-text.test.ts',
  'packages/log-shipper/src/pattern/pattern.ts': 'RE2; pattern.test.ts',
  'packages/statsd-adaptor/src/map/read-pattern.ts': 'RE2, of names as long as a packet',
  'packages/statsd-adaptor/src/map/go-duration.ts': 'a mapping file of the operator; go-duration.test.ts',
  'packages/statsd-adaptor/src/parse/go-float.ts': 'go-float.test.ts',
  'packages/wait-for/src/kinds/http/readers.ts': 'given up after 100 ms; kinds/http/probe.test.ts',
  'packages/pod-review/src/strict/validate/names.ts': 'its texts are measured before, 253 letters at most',
  'packages/pod-review/src/pod/environment.ts': 'flags of our own tables, without a loop',
  'packages/pod-review/src/rules/sidecar-waits-for-app.ts': 'an expression of the same file, with a flag',
};

const run = new Script('text.replace(regex, "")');
const context = createContext({});

/** Time to find all matches, in milliseconds; infinite above two seconds. */
function msFor(regex: RegExp, { head, repeated }: Attack, length: number): number {
  const text = `${head}${repeated.repeat(Math.ceil(length / repeated.length))}\u0001`;
  Object.assign(context, { text, regex });
  const startedMs = performance.now();
  try {
    run.runInContext(context, { timeout: 2000 });
    return performance.now() - startedMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** The slowest attack, or the first very slow one. */
function slowestOf(regex: RegExp): Attack | undefined {
  let slowest: Attack | undefined;
  let mostMs = -1;
  for (const attack of attacksOn(regex)) {
    const ms = msFor(regex, attack, 16_000);
    if (ms > mostMs) [slowest, mostMs] = [attack, ms];
    if (mostMs > 100) return slowest;
  }
  return slowest;
}

/** The reason against long texts for an expression; undefined if a megabyte of the worst text is fast. */
function fault(regex: RegExp): string | undefined {
  const [report] = analyse(regex, { assumeRejectingSuffix: false }).reports;
  if (report !== undefined) return `${report.type}: ${report.character.pick} for ever`;
  const slowest = slowestOf(regex);
  if (slowest === undefined) return undefined;
  // a linear one takes some milliseconds, any other many seconds; a machine may stand still, but not three times
  const isSlow = [1, 2, 3].every(() => msFor(regex, slowest, 1_000_000) >= 2000);
  return isSlow ? `1 MB of ${JSON.stringify(slowest)}` : undefined;
}

describe('regular expressions of the sources', () => {
  it('are found', () => {
    expect(found.filter(({ regex }) => regex !== undefined).length).toBeGreaterThan(250);
  });

  it('take time in proportion to the text', { timeout: 300_000 }, () => {
    const faults = found.flatMap(({ file, line, text, regex }) => {
      if (regex === undefined || `${file} ${text}` in bounded) return [];
      const why = fault(regex);
      return why === undefined ? [] : [`${file}:${line} ${text}: ${why}`];
    });
    expect(faults).toEqual([]);
  });

  it('are literals, or made in a known place', () => {
    const places = found.filter(({ regex }) => regex === undefined).map(({ file }) => file);
    expect([...new Set(places)].sort()).toEqual(Object.keys(made).sort());
  });

  it('have no stale exceptions', () => {
    const all = new Set(found.map(({ file, text }) => `${file} ${text}`));
    expect(Object.keys(bounded).filter((one) => !all.has(one))).toEqual([]);
  });
});

describe('the check', () => {
  it.each([
    /(?<keep>[a-z][a-z0-9+.-]*:(?:\\?\/){2}(?:[^\s/?#"'<>\\@:]*:(?=[^@]))?)[^\s/?#"'<>\\]+(?=@)/gi,
    /(?:authorization["'\\]*\s*[:=]\s*\[?\s*["'\\]*(?:(?:bearer|basic)\s+)?)[^\s"'\\,;\]}]+/gi,
    /[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g,
    /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
    /\s+$/,
    /(?:a+)+$/,
    /\btail\s+(-\S+\s+)*-\S*[fF]/,
  ])('refuses %s', { timeout: 60_000 }, (regex) => {
    expect(fault(regex)).toBeDefined();
  });

  it.each([/^[\w.]+@x/, /\bfoo-\d+/, /a{1,9}b/, /^\s*(?:#.*)?$/])('lets %s pass', (regex) => {
    expect(fault(regex)).toBeUndefined();
  });
});
