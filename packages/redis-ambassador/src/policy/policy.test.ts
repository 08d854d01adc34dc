import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.ts';
import { BufferPool } from './buffer-pool.ts';
import { MemoryBudget, type MemoryUser } from './memory-budget.ts';

describe('Backoff', () => {
  it('doubles up to its maximum, and starts over', () => {
    const backoff = new Backoff({ firstMs: 100, maxMs: 500, random: () => 1 });
    expect([1, 2, 3, 4, 5].map(() => backoff.nextMs())).toEqual([100, 200, 400, 500, 500]);
    backoff.reset();
    expect(backoff.nextMs()).toBe(100);
  });

  it('waits between half and all of that', () => {
    expect(new Backoff({ firstMs: 100, maxMs: 500, random: () => 0 }).nextMs()).toBe(50);
    expect(new Backoff({ firstMs: 100, maxMs: 500, random: () => 0.5 }).nextMs()).toBe(75);
  });
});

describe('MemoryBudget', () => {
  it('evicts the largest users, one after another, until the rest fits', () => {
    const gone: string[] = [];
    const users = new Map<string, MemoryUser>();
    const budget = new MemoryBudget(100, () => users.values());
    for (const [name, heldBytes] of Object.entries({ small: 10, large: 50, larger: 30, huge: 120 })) {
      const evict = () => {
        gone.push(name);
        users.delete(name);
        budget.add(-heldBytes);
      };
      users.set(name, { heldBytes, evict });
      budget.add(heldBytes);
    }
    expect(gone).toEqual(['huge']);
    budget.add(20);
    expect([gone, budget.usedBytes]).toEqual([['huge', 'large'], 60]);
  });

  it('evicts no user when memory is returned', () => {
    const budget = new MemoryBudget(100, () => {
      throw new Error('no user must be evicted');
    });
    budget.add(100);
    budget.add(-50);
    expect(budget.usedBytes).toBe(50);
  });
});

describe('BufferPool', () => {
  it.each([
    [1, 4096],
    [4096, 4096],
    [4097, 16_384],
    [1_000_000, 1_048_576],
    [1_048_577, 1_048_577],
  ])('rounds %i bytes up to %i', (atLeast, size) => {
    expect(new BufferPool().take(atLeast)).toHaveLength(size);
  });

  it('reuses returned memory', () => {
    const pool = new BufferPool();
    const buffer = pool.take(100);
    expect(pool.take(100)).not.toBe(buffer);
    pool.give(buffer);
    expect(pool.take(100)).toBe(buffer);
  });

  it('keeps a bounded amount', () => {
    const pool = new BufferPool();
    const taken = Array.from({ length: 10 }, () => pool.take(1_000_000));
    for (const buffer of taken) pool.give(buffer);
    const again = Array.from({ length: 10 }, () => pool.take(1_000_000));
    expect(again.filter((buffer) => taken.includes(buffer))).toHaveLength(2);
  });
});
