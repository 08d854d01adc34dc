import { describe, expect, it } from 'vitest';
import { errorText } from './error-text.ts';

const now = new Date('2026-11-24T12:00:00.123Z');

describe('errorText', () => {
  it('begins with time, level and request id, and indents all other lines', () => {
    const error = new Error('first line\nsecond line');
    const [first, ...rest] = errorText(error, 'r1', now).split('\n');
    expect(first).toBe('2026-11-24T12:00:00.123Z ERROR [r1] Error: first line');
    expect(rest[0]).toBe('    second line');
    expect(rest.length).toBeGreaterThan(2);
    for (const line of rest) expect(line).toMatch(/^\s+\S/);
  });

  it('follows the causes, once each', () => {
    const root = new TypeError('root');
    const error = new Error('top', { cause: root });
    root.cause = error;
    const text = errorText(error, 'r1', now);
    expect(text.match(/Error: top/g)).toHaveLength(1);
    expect(text).toContain('\n  Caused by: TypeError: root\n');
  });

  it.each([
    ['a thrown string', 'oops', 'oops'],
    ['nothing', undefined, 'undefined'],
  ])('describes %s', (_, thrown, text) => {
    expect(errorText(thrown, 'r1', now)).toBe(`2026-11-24T12:00:00.123Z ERROR [r1] ${text}`);
  });
});
