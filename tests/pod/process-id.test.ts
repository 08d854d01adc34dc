import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { isRunning, readPs, readStat, startOf } from '../../scripts/pod/process-id.ts';

const rest = (threads = 11) => `1 17 17 0 -1 4194560 1 0 0 0 2 0 0 0 20 0 ${threads} 0 123456 1 2 3`;

it.each([
  [`17 (node) S ${rest()}`, 123_456],
  [`17 (a (b) c) R ${rest()}`, 123_456],
  // its leader has ended, its other threads not yet
  [`17 (node) Z ${rest()}`, 123_456],
  [`17 (node) Z ${rest(1)}`, undefined],
  ['', undefined],
])('/proc: %s', (stat, start) => {
  expect(readStat(stat)).toBe(start);
});

it.each([
  ['Ss   Sat Nov 28 22:15:19 2026    \n', Date.UTC(2026, 10, 28, 22, 15, 19)],
  ['S+   Sun Nov  1 02:05:09 2026\n', Date.UTC(2026, 10, 1, 2, 5, 9)],
  ['Z    Sat Nov 28 22:15:19 2026\n', undefined],
  ['', undefined],
])('ps: %j', (output, start) => {
  expect(readPs(output)).toBe(start);
});

it('knows a process by its start, not by its pid alone', () => {
  const start = startOf(process.pid) ?? 0;
  expect(isRunning({ pid: process.pid, start })).toBe(true);
  expect(isRunning({ pid: process.pid, start: start + 1 })).toBe(false);
  const { pid } = spawnSync('true');
  expect(isRunning({ pid, start })).toBe(false);
});
