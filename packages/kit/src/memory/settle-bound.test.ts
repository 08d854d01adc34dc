import { describe, expect, it } from 'vitest';
import { containerMemory, settleBound } from './settle-bound.ts';

const mib = 2 ** 20;
const machineBytes = 8192 * mib;

describe('containerMemory', () => {
  it.each([
    ['a limit', 160 * mib, 160 * mib],
    ['no limit in cgroup v1 (nearly 2^63)', 2 ** 63 - 4096, undefined],
    ['no limit in cgroup v2 (2^64)', 2 ** 64, undefined],
    ['no cgroup', 0, undefined],
    ['a limit equal to the memory of the machine', machineBytes, undefined],
  ])('reads %s', (_, constrainedBytes, expected) => {
    expect(containerMemory({ constrainedBytes, machineBytes })).toBe(expected);
  });
});

describe('a bound', () => {
  const rule = { asked: undefined, share: 0.25, otherwise: 256 * mib };

  it("is a share of the container's memory", () => {
    const bound = settleBound(rule, 160 * mib);
    expect(bound).toEqual({ value: 40 * mib, from: 'container', isTooLarge: false });
  });

  it('may count units of a given size', () => {
    expect(settleBound({ ...rule, unitBytes: mib }, 160 * mib).value).toBe(40);
    expect(settleBound({ ...rule, unitBytes: mib }, mib).value).toBe(1);
  });

  it('may leave out memory reserved for other uses, and never falls below its minimum', () => {
    const beside = { ...rule, besideBytes: 100 * mib, least: 8 * mib };
    expect(settleBound(beside, 180 * mib).value).toBe(20 * mib);
    expect(settleBound(beside, 120 * mib).value).toBe(8 * mib);
    expect(settleBound(beside, 64 * mib).value).toBe(8 * mib);
  });

  it('is the default if the container has no limit', () => {
    const bound = settleBound(rule, undefined);
    expect(bound).toEqual({ value: 256 * mib, from: 'default', isTooLarge: false });
  });

  it.each([
    [64 * mib, 160 * mib, false],
    [160 * mib, 160 * mib, false],
    [161 * mib, 160 * mib, true],
    [512 * mib, undefined, false],
  ])('is the value of the option: %d in a container of %d', (asked, limit, isTooLarge) => {
    expect(settleBound({ ...rule, asked }, limit)).toEqual({ value: asked, from: 'option', isTooLarge });
  });
});
