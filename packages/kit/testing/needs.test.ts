import { afterEach, describe, expect, it, vi } from 'vitest';
import { installed, type Need, needs } from './needs.ts';

const met: Need = { name: 'a', isMet: true };
const unmet = [
  { name: 'b', isMet: false },
  { name: 'c', isMet: false },
] as const;

afterEach(() => vi.unstubAllEnvs());

describe('a program', () => {
  it.each([
    ['by its file', ['/no/such/file', process.execPath], process.execPath, true],
    ['by its bare name if it is missing', ['no-such-program', '/no/such/file'], 'a-name', false],
  ] as const)('is identified %s', (_, candidates, path, isMet) => {
    expect(installed('a-name', candidates)).toEqual({ name: 'a-name', path, isMet });
  });

  it('is found on PATH by its name', () => {
    expect(installed('sh')).toMatchObject({ name: 'sh', path: expect.stringMatching(/\/sh$/), isMet: true });
  });
});

describe('a test', () => {
  it('runs if all its needs are met', () => {
    expect(needs(met, met)).toEqual({});
  });

  it('is skipped if a need is not met, and lists all missing needs', () => {
    vi.stubEnv('CI', undefined);
    expect(needs(unmet[0], met, unmet[1])).toEqual({ skip: true, meta: { missing: ['b', 'c'] } });
  });

  it('is never skipped with CI=true', () => {
    vi.stubEnv('CI', 'true');
    expect(() => needs(met, ...unmet)).toThrow('CI needs b, c');
  });
});
