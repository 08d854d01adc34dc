import { describe, expect, it, vi } from 'vitest';
import { staggered } from './staggered.ts';

const good = (name: string) => ({ ok: true, name }) as const;
const bad = (name: string) => ({ ok: false, name }) as const;

/** Attempts that end when the test says so. */
function controlled() {
  const ends = new Map<string, (result: ReturnType<typeof good> | ReturnType<typeof bad>) => void>();
  const lost = new Set<string>();
  return {
    ends,
    lost,
    begin: (name: string, signal: AbortSignal) => {
      signal.addEventListener('abort', () => lost.add(name));
      return new Promise<ReturnType<typeof good> | ReturnType<typeof bad>>((resolve) =>
        ends.set(name, resolve),
      );
    },
  };
}

describe('staggered', () => {
  it('starts the next attempt if the first is silent for a while', async () => {
    vi.useFakeTimers();
    const { ends, lost, begin } = controlled();
    const result = staggered(['a', 'b', 'c'], begin, 250);
    expect([...ends.keys()]).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(249);
    expect([...ends.keys()]).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(1);
    expect([...ends.keys()]).toEqual(['a', 'b']);
    ends.get('a')?.(good('a'));
    expect(await result).toEqual(good('a'));
    await vi.advanceTimersByTimeAsync(1000);
    expect([...ends.keys()]).toEqual(['a', 'b']);
    expect([...lost]).toEqual(['b']);
    vi.useRealTimers();
  });

  it('starts the next attempt at once after a failure, and returns all failures in order', async () => {
    const { ends, begin } = controlled();
    const result = staggered(['a', 'b'], begin, 60_000);
    ends.get('a')?.(bad('a'));
    await vi.waitFor(() => expect(ends.has('b')).toBe(true));
    ends.get('b')?.(bad('b'));
    expect(await result).toEqual([bad('a'), bad('b')]);
  });

  it('waits for a slow attempt after all others have failed', async () => {
    vi.useFakeTimers();
    const { ends, begin } = controlled();
    const result = staggered(['a', 'b'], begin, 250);
    await vi.advanceTimersByTimeAsync(250);
    ends.get('b')?.(bad('b'));
    await vi.advanceTimersByTimeAsync(60_000);
    ends.get('a')?.(good('a'));
    expect(await result).toEqual(good('a'));
    vi.useRealTimers();
  });

  it('has no failures for an empty list', async () => {
    expect(await staggered([], controlled().begin, 1)).toEqual([]);
  });

  it('rethrows a fault', async () => {
    await expect(staggered(['a'], () => Promise.reject(new TypeError('x')), 1)).rejects.toThrow('x');
  });
});
