import { describe, expect, it } from 'vitest';
import { DedicatedLinks, type DedicatedOptions } from './dedicated-links.ts';
import type { Link } from './link.ts';
import type { LinkLoss } from './reply-target.ts';

/** Minimal link for the pool. */
class FakeLink {
  isLost = false;
  onLost: (loss: LinkLoss) => void = () => {};
  dedicateTo(): void {}

  lose(loss: LinkLoss): void {
    if (this.isLost) return;
    this.isLost = true;
    this.onLost(loss);
  }
}

const kind = { protocol: 2, db: 0 } as const;
const { signal } = new AbortController();
const later = 10_000;

function startPool(options: Partial<DedicatedOptions> = {}) {
  const opened: FakeLink[] = [];
  const pool = new DedicatedLinks({
    max: 2,
    now: () => 0,
    // the pool uses only these members of a link
    open: async () => opened[opened.push(new FakeLink()) - 1] as unknown as Link,
    ...options,
  });
  return { pool, opened };
}

describe('DedicatedLinks', () => {
  it('reuses a returned link of the requested kind', async () => {
    const { pool, opened } = startPool();
    const link = await pool.take(kind, signal, later);
    pool.giveBack(link, kind);
    expect(await pool.take(kind, signal, later)).toBe(link);
    pool.giveBack(link, kind);
    expect(await pool.take({ protocol: 3, db: 0 }, signal, later)).not.toBe(link);
    expect(opened).toHaveLength(2);
  });

  it('closes an idle link of another kind at the limit', async () => {
    const { pool, opened } = startPool({ max: 1 });
    pool.giveBack(await pool.take(kind, signal, later), kind);
    await pool.take({ protocol: 2, db: 5 }, signal, later);
    expect(opened.map(({ isLost }) => isLost)).toEqual([true, false]);
    expect(pool.count).toBe(1);
  });

  it.each(['giveBack', 'discard', 'lose'] as const)('wakes a waiter after %s', async (how) => {
    const { pool, opened } = startPool({ max: 1 });
    const link = await pool.take(kind, signal, later);
    const next = pool.take(kind, signal, later);
    const after = pool.take(kind, signal, later);
    if (how === 'giveBack') pool.giveBack(link, kind);
    else if (how === 'discard') pool.discard(link);
    else link.lose({ reason: 'closed', detail: '' });
    const second = await next;
    expect(second === link).toBe(how === 'giveBack');
    pool.giveBack(second, kind);
    expect(await after).toBe(second);
    expect(opened).toHaveLength(how === 'giveBack' ? 1 : 2);
  });

  it('lets no client wait forever', async () => {
    const { pool } = startPool({ max: 1 });
    const link = await pool.take(kind, signal, later);
    await expect(pool.take(kind, signal, 20)).rejects.toMatchObject({ code: 'dedicated-limit' });
    pool.giveBack(link, kind);
    expect(await pool.take(kind, signal, later)).toBe(link);
  });

  it('reports a timeout rather than the end of the attempt', async () => {
    const { pool } = startPool({
      open: (_, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    });
    await expect(pool.take(kind, signal, 20)).rejects.toMatchObject({ message: 'no connection in time' });
  });

  it('frees the slot of a link that could not be opened', async () => {
    let attempts = 0;
    const { pool } = startPool({
      max: 1,
      open: async () => {
        if (attempts++ === 0) throw new Error('refused');
        return new FakeLink() as unknown as Link; // as above
      },
    });
    const failed = pool.take(kind, signal, later);
    const next = pool.take(kind, signal, later);
    await expect(failed).rejects.toThrow('refused');
    await next;
    expect(pool.count).toBe(1);
  });

  it('closes links that were idle for a while', async () => {
    let nowMs = 0;
    const { pool } = startPool({ now: () => nowMs });
    const link = await pool.take(kind, signal, later);
    pool.giveBack(link, kind);
    nowMs = 29_000;
    pool.expire();
    expect(link.isLost).toBe(false);
    nowMs = 31_000;
    pool.expire();
    expect([link.isLost, pool.count]).toEqual([true, 0]);
  });
});
