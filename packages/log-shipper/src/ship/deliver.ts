import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from './backoff.ts';
import type { Outcome, Records, Sink } from './sink.ts';

/** What `deliver` needs of a batch. */
export interface Deliverable {
  readonly count: number;
  slice(from: number, to: number): Buffer;
}

/** What happens on the way, to be counted and told. */
export interface DeliveryEvents {
  accepted(records: Records): void;
  retrying(outcome: Extract<Outcome, { kind: 'retry' }>, records: Records): void;
  /** A record is given up: it goes to the dead letter. */
  refused(reason: string, detail: string): void;
}

export interface DeliveryOptions {
  readonly sink: Sink;
  /** Takes a record that the sink will never take; resolves when it is safe, retries by itself. */
  readonly deadLetter: (record: Buffer, signal: AbortSignal) => Promise<void>;
  readonly events: DeliveryEvents;
  /** The longest wait between attempts. */
  readonly mostDelayMs: () => number;
  readonly signal: AbortSignal;
}

/**
 * Brings all records of a batch to the sink, in order, however long that takes: retries with backoff, halves
 * what is too large, and finds the records that will never pass by halving what is refused.
 * @throws when `signal` aborts
 */
export async function deliver(batch: Deliverable, options: DeliveryOptions): Promise<void> {
  const { sink, events, signal } = options;
  const pending = [{ from: 0, to: batch.count }];
  let failures = 0;
  for (let range = pending.pop(); range !== undefined; range = pending.pop()) {
    const { from, to } = range;
    if (from === to) continue;
    const records = { bytes: batch.slice(from, to), count: to - from };
    const outcome = await sink.send(records, signal);
    signal.throwIfAborted();
    if (outcome.kind === 'accepted') {
      failures = 0;
      events.accepted(records);
    } else if (outcome.kind === 'retry') {
      events.retrying(outcome, records);
      pending.push(range);
      const waitMs = outcome.afterMs ?? Math.min(backoffMs(failures++), options.mostDelayMs());
      await delay(waitMs, undefined, { signal });
    } else if (records.count === 1) {
      const reason = outcome.kind === 'too-large' ? 'too_large' : outcome.reason;
      await options.deadLetter(records.bytes, signal);
      events.refused(reason, outcome.detail);
    } else {
      const middle = from + (records.count >> 1);
      pending.push({ from: middle, to }, { from, to: middle });
    }
  }
}
