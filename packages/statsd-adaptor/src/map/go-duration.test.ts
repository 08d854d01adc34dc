import { describe, expect, it } from 'vitest';
import { parseGoDuration } from './go-duration.ts';

const durations: ReadonlyArray<readonly [string, number]> = [
  ['0', 0],
  ['+0', 0],
  ['-0', 0],
  ['0s', 0],
  ['5s', 5],
  ['+5s', 5],
  ['-5s', -5],
  ['30s', 30],
  ['1m', 60],
  ['1h', 3600],
  ['1h30m', 5400],
  ['1h1m1s', 3661],
  ['1m1h', 3660],
  ['500ms', 0.5],
  ['1.5s', 1.5],
  ['.5s', 0.5],
  ['5.s', 5],
  ['1.5h', 5400],
  ['250us', 0.00025],
  ['250µs', 0.00025],
  ['250μs', 0.00025],
  ['1000000000ns', 1],
  ['1h0.5m', 3630],
];

const refused = [
  '',
  '5',
  '60',
  '1.5',
  '1d',
  '1w',
  '5 s',
  ' 5s',
  '5s ',
  's',
  '.s',
  '-',
  '5S',
  '5sec',
  '1h30',
  '1e3s',
  '--5s',
  '1h-5m',
  '5,5s',
];

describe('parseGoDuration', () => {
  it.each(durations)('reads %j as %d seconds', (text, seconds) => {
    expect(parseGoDuration(text)).toBeCloseTo(seconds, 9);
  });

  it.each(refused)('refuses %j', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });

  it.each(['1', '1.', '1.1', '1h', '.', '1m1'])('takes linear time for 1 MB of %j', (repeated) => {
    const startedMs = performance.now();
    for (const tail of ['', 'x', 's']) parseGoDuration(repeated.repeat(1_000_000 / repeated.length) + tail);
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});
