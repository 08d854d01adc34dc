import { expect, it } from 'vitest';
import { HotKeys, sampleEvery } from './hot-keys.ts';

/** Counts this many requests by a sample. */
function ask(hot: HotKeys, key: string, times: number): void {
  const bytes = Buffer.from(key, 'latin1');
  for (let request = 0; request < times; request += sampleEvery) hot.note(bytes, 0, bytes.length);
}

it('HotKeys shows the most requested keys of the last minute from a sample', () => {
  let now = 0;
  const hot = new HotKeys(() => now);
  ask(hot, 'hot', 64 * 30);
  ask(hot, 'warm', 64 * 10);
  now = 30_000;
  ask(hot, 'warm', 64 * 25);
  ask(hot, 'x'.repeat(500), 64);
  ask(hot, '', 64);
  expect(hot.report()).toEqual([
    { key: 'warm', requests: 2240 },
    { key: 'hot', requests: 1920 },
    { key: 'x'.repeat(128), requests: 64 },
  ]);
  now = 65_000;
  expect(hot.report().map(({ key }) => key)).toEqual(['warm', 'x'.repeat(128)]);
  now = 200_000;
  expect(hot.report()).toEqual([]);
});

it('HotKeys tracks a bounded number of keys and shows twenty', () => {
  const hot = new HotKeys(() => 0);
  for (let key = 0; key < 10_000; key++) ask(hot, `key:${key}`, 64);
  ask(hot, 'key:0', 64);
  expect(hot.report()).toHaveLength(20);
  expect(hot.report()[0]).toEqual({ key: 'key:0', requests: 128 });
});
