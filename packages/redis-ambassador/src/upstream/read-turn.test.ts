import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ReadTurn } from './read-turn.ts';

/** Waits for the close phase of the next turn of the event loop. */
async function nextTurn(): Promise<void> {
  await immediate();
  await immediate();
  await immediate();
}

describe('ReadTurn', () => {
  it('pauses all readers together once a turn has read its share, until the next one', async () => {
    const turn = new ReadTurn(100);
    const resumed: string[] = [];
    const read = (name: string, bytes: number) => turn.allows(bytes, () => resumed.push(name));
    expect([read('a', 60), read('b', 30), read('a', 20), read('c', 1)]).toEqual([true, true, false, false]);
    await immediate();
    expect(resumed).toEqual([]);
    await nextTurn();
    expect(resumed).toEqual(['a', 'c']);
    expect(read('b', 99)).toBe(true);
  });

  it('counts across turns, and restarts after it has paused a reader', async () => {
    const turn = new ReadTurn(100);
    for (let round = 0; round < 3; round++) {
      expect(turn.allows(60, () => {})).toBe(true);
      await nextTurn();
      const { promise, resolve } = Promise.withResolvers<void>();
      expect(turn.allows(60, resolve)).toBe(false);
      await promise;
    }
  });
});
