import { describe, expect, it } from 'vitest';
import { readFaultSettings } from './settings.ts';

describe('readFaultSettings', () => {
  it.each([
    {},
    { delayMs: 0 },
    { delayMs: 60_000, status: 503, ratio: 0.5 },
    { logLinesPerSecond: 1000, memoryMiB: 64, unready: true },
  ])('takes %j', (settings) => {
    expect(readFaultSettings(JSON.stringify(settings))).toEqual(settings);
  });

  it.each([
    ['{', 'the body is not JSON'],
    ['[]', 'expected a JSON object'],
    ['null', 'expected a JSON object'],
    ['{"delay":1}', 'delay: expected one of delayMs, status, ratio, logLinesPerSecond, memoryMiB, unready'],
    ['{"__proto__":1,"toString":2}', /^(__proto__|toString): expected one of/],
    ['{"delayMs":-1}', 'delayMs: expected a whole number from 0 to 60000'],
    ['{"delayMs":1.5}', 'delayMs: expected a whole number from 0 to 60000'],
    ['{"delayMs":"1"}', 'delayMs: expected a whole number from 0 to 60000'],
    ['{"status":200}', 'status: expected a status from 400 to 599'],
    ['{"ratio":2}', 'ratio: expected a number from 0 to 1'],
    ['{"memoryMiB":1e9}', 'memoryMiB: expected a whole number from 0 to 4096'],
    ['{"unready":1}', 'unready: expected true or false'],
  ])('refuses %s', (text, fault) => {
    expect(readFaultSettings(text)).toEqual(typeof fault === 'string' ? fault : expect.stringMatching(fault));
  });
});
