import { CodedError } from '@pod-patterns/kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Link } from './link.ts';
import { LinkSet, type LinkSetOptions } from './link-set.ts';
import type { LinkLoss } from './reply-target.ts';

/** Minimal link for a set. */
class FakeLink {
  isLost = false;
  onLost: (loss: LinkLoss) => void = () => {};

  lose(loss: LinkLoss): void {
    if (this.isLost) return;
    this.isLost = true;
    this.onLost(loss);
  }
}

const gone: LinkLoss = { reason: 'closed', detail: 'gone' };
const later = Number.POSITIVE_INFINITY;

function startSet(open: () => Promise<FakeLink>, options: Partial<LinkSetOptions> = {}): LinkSet {
  return new LinkSet({
    protocol: 2,
    db: 0,
    size: 1,
    holdMs: 3000,
    now: () => Date.now(),
    random: () => 1,
    // the set uses only these members of a link
    open: open as unknown as () => Promise<Link>,
    onUp: () => {},
    onDown: (_, { detail }) => ({ text: detail, isFinal: false }),
    onFailure: ({ message, code }) => ({ text: message, isFinal: code === 'db-refused' }),
    ...options,
  });
}

describe('LinkSet', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('opens all of its links and hands them out in turn', async () => {
    const set = startSet(async () => new FakeLink(), { size: 2 });
    await vi.advanceTimersByTimeAsync(0);
    const picks = [1, 2, 3, 4].map(() => set.pick());
    expect(set.links).toHaveLength(2);
    expect(picks[0]).not.toBe(picks[1]);
    expect(picks.slice(0, 2)).toEqual(picks.slice(2));
    set.close(gone);
  });

  it('reopens a lost link, and redistributes clients', async () => {
    const links: FakeLink[] = [];
    const set = startSet(async () => links[links.push(new FakeLink()) - 1] as FakeLink);
    await vi.advanceTimersByTimeAsync(0);
    const before = set.epoch;
    links[0]?.lose(gone);
    expect([set.isUp, set.pick()]).toEqual([false, undefined]);
    await vi.advanceTimersByTimeAsync(100);
    expect(set.isUp).toBe(true);
    expect(set.epoch).toBeGreaterThan(before);
    set.close(gone);
  });

  it('retries at most 400 ms apart, forever', async () => {
    let attempts = 0;
    const set = startSet(async () => {
      attempts++;
      throw new CodedError('connect-failed', 'refused');
    });
    await vi.advanceTimersByTimeAsync(10_000);
    const before = attempts;
    await vi.advanceTimersByTimeAsync(4000);
    expect(attempts - before).toBe(10);
    set.close(gone);
    await set.ended;
  });

  it('lets clients wait for the hold, then reports the reason', async () => {
    const set = startSet(async () => {
      throw new CodedError('connect-failed', 'refused');
    });
    await vi.advanceTimersByTimeAsync(2900);
    let resumed = 0;
    set.wait(() => resumed++, later);
    set.check();
    expect([set.failure, resumed]).toEqual([undefined, 0]);
    await vi.advanceTimersByTimeAsync(200);
    set.check();
    expect([set.failure?.text, resumed]).toEqual(['refused', 1]);
    set.close(gone);
  });

  it('lets no client wait beyond its deadline, and reports the reason', async () => {
    const set = startSet(async () => {
      throw new CodedError('connect-failed', 'refused');
    });
    await vi.advanceTimersByTimeAsync(1000);
    const resumed: string[] = [];
    set.wait(() => resumed.push('short'), Date.now() + 500);
    set.wait(() => resumed.push('long'), Date.now() + 1500);
    await vi.advanceTimersByTimeAsync(499);
    set.check();
    expect(resumed).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    set.check();
    expect([resumed, set.failure, set.latestFailure.text]).toEqual([['short'], undefined, 'refused']);
    set.close(gone);
  });

  it('wakes waiting clients as soon as a link is up', async () => {
    const link = Promise.withResolvers<FakeLink>();
    const set = startSet(() => link.promise);
    const resumed = new Promise<void>((resolve) => set.wait(resolve, later));
    link.resolve(new FakeLink());
    await resumed;
    expect(set.isUp).toBe(true);
    set.close(gone);
  });

  it('reports a refusal of the server at once, and retries less often', async () => {
    let attempts = 0;
    const set = startSet(async () => {
      attempts++;
      throw new CodedError('db-refused', 'ERR DB index is out of range');
    });
    await vi.advanceTimersByTimeAsync(0);
    expect([attempts, set.isRefused, set.failure?.text]).toEqual([1, true, 'ERR DB index is out of range']);
    await vi.advanceTimersByTimeAsync(5000);
    expect(attempts).toBeLessThanOrEqual(5);
    set.close(gone);
  });

  it('retries at once when the server is back', async () => {
    let isBack = false;
    const set = startSet(async () => {
      if (isBack) return new FakeLink();
      throw new CodedError('connect-failed', 'refused');
    });
    await vi.advanceTimersByTimeAsync(5000);
    isBack = true;
    set.retryNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(set.isUp).toBe(true);
    set.close(gone);
  });
});
