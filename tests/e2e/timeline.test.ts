import { expect, it } from 'vitest';
import type { ContainerStatus } from './pods.ts';
import { endsOf, expectOrder, secondsBetween, startsOf } from './timeline.ts';

const second = (number: number) => `2026-01-01T00:00:0${number}Z`;
const running = (name: string, at: number): ContainerStatus => ({
  name,
  restartCount: 0,
  state: { running: { startedAt: second(at) } },
});
const ended = (name: string, from: number, to: number): ContainerStatus => ({
  name,
  restartCount: 0,
  state: { terminated: { startedAt: second(from), finishedAt: second(to), exitCode: 0 } },
});

it('reads when each container started and ended', () => {
  const all = [ended('wait-for', 0, 2), running('web', 3)];
  expect(startsOf(all)).toEqual([
    { name: 'wait-for', at: second(0) },
    { name: 'web', at: second(3) },
  ]);
  expect(endsOf(all)).toEqual([{ name: 'wait-for', at: second(2) }]);
});

it.each([
  ['one after the other', [running('a', 1), running('b', 2)]],
  ['in the same second', [running('a', 1), running('b', 1)]],
  ['whatever order they are told in', [running('b', 2), running('a', 1)]],
])('takes %s', (_, containers) => {
  expect(() => expectOrder(startsOf(containers), ['a', 'b'])).not.toThrow();
});

it.each([
  ['the wrong order', [running('a', 2), running('b', 1)]],
  ['a missing one', [running('a', 1)]],
  ['one more', [running('a', 1), running('b', 1), running('c', 1)]],
  ['none', []],
])('does not take %s', (_, containers) => {
  expect(() => expectOrder(startsOf(containers), ['a', 'b'])).toThrow('expected a, b');
});

it('subtracts times', () => {
  expect(secondsBetween(second(2), second(9))).toBe(7);
});
