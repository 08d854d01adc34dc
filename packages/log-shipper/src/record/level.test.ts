import { describe, expect, it } from 'vitest';
import { JsonObjectScanner } from './json-object.ts';
import { levelOf } from './level.ts';

describe('levelOf', () => {
  it.each([
    ['{"level":"info"}', 9],
    ['{"a":1,"level":"WARN"}', 13],
    ['{"severity":"ERROR"}', 17],
    ['{"severity":"NOTICE"}', 10],
    ['{"log.level":"debug"}', 5],
    ['{"lvl":"crit"}', 18],
    ['{"level":"Information"}', 9],
    ['{"level":60}', 21],
    ['{"level":30,"severity":"ERROR"}', 9],
    ['{"l\\u0065vel":"fatal"}', 21],
    ['{"level":"loud"}', 0],
    ['{"level":3}', 0],
    ['{"level":null}', 0],
    ['{"level":{"level":"info"}}', 0],
    ['{"a":{"level":"info"}}', 0],
    ['{"_level":"info"}', 0],
    ['{"level":"__proto__"}', 0],
    [`{"level":"${'x'.repeat(1000)}"}`, 0],
    ['{}', 0],
  ])('reads %s as %d', (text, expected) => {
    const bytes = Buffer.from(text);
    const scanner = new JsonObjectScanner();
    expect(scanner.scan(Buffer.from('{"level":"fatal"}'), 0, 17)).toBe(true);
    expect(scanner.scan(bytes, 0, bytes.length)).toBe(true);
    expect(levelOf(bytes, scanner)).toBe(expected);
  });
});
