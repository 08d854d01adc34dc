import { countOf, onesOf, type Spans, splitBy } from '../batch/spans.ts';
import type { Outcome, Records, Sink } from '../sinks/sink.ts';
import { backoffMs } from './backoff.ts';
import type { Pause } from './pause.ts';

/** The part of a batch that `deliver` needs. */
export interface Deliverable {
  readonly count: number;
  select(spans: Spans): Records;
}

/** Events of a delivery, to count and log. */
export interface DeliveryEvents {
  accepted(records: Records): void;
  retrying(outcome: Extract<Outcome, { kind: 'retry' }>, records: Records): void;
  /** A record is refused for good. If it is known which one, it is a dead letter. */
  refused(reason: string, detail: string): void;
}

export interface DeliveryOptions {
  readonly sink: Sink;
  /** Keeps a record that the sink refuses for good. Retries by itself, and resolves when the record is safe. */
  readonly deadLetter: (record: Buffer) => Promise<void>;
  readonly events: DeliveryEvents;
  /** Waits between attempts. */
  readonly pause: Pause;
  readonly signal: AbortSignal;
}

/**
 * Delivers all records of a batch in order, however long that takes. Retries with backoff, halves what is too large, and
 * gives up records that the sink refuses: those that its answer names, else those that halving finds.
 * @throws when `signal` aborts
 */
export async function deliver(batch: Deliverable, options: DeliveryOptions): Promise<void> {
  const { sink, events, signal } = options;
  const pending: Spans[] = [[{ from: 0, to: batch.count }]];
  let failures = 0;
  for (let spans = pending.pop(); spans !== undefined; spans = pending.pop()) {
    const count = countOf(spans);
    if (count === 0) continue;
    const records = batch.select(spans);
    const outcome = await sink.send(records, signal);
    signal.throwIfAborted();
    switch (outcome.kind) {
      case 'accepted':
        failures = 0;
        events.accepted(records);
        break;
      case 'retry': {
        events.retrying(outcome, records);
        pending.push(...(outcome.isTooMuch === true ? halvesOf(spans) : [spans]));
        await options.pause(outcome.afterMs ?? backoffMs(failures++));
        break;
      }
      case 'partly-accepted':
        failures = 0;
        events.accepted({ ...records, count: count - outcome.refusedCount });
        for (let one = 0; one < outcome.refusedCount; one++) events.refused(outcome.reason, outcome.detail);
        break;
      case 'partly-refused':
        pending.push(...(await leaveOut(batch, { spans, outcome, options })));
        if (outcome.again !== undefined) await options.pause(backoffMs(failures++));
        break;
      default:
        if (count > 1) pending.push(...halvesOf(spans));
        else await giveUp(records, outcome, options);
    }
  }
}

/** Gives up the records that the sink has named, and returns the records to send again. */
async function leaveOut(
  batch: Deliverable,
  {
    spans,
    outcome,
    options,
  }: {
    spans: Spans;
    outcome: Extract<Outcome, { kind: 'partly-refused' }>;
    options: DeliveryOptions;
  },
): Promise<Spans[]> {
  const { refused, areOthersAccepted, again, detail } = outcome;
  const [named, rest] = splitBy(spans, (place) => refused.has(place));
  const reasons = [...refused].sort(([a], [b]) => a - b).map(([, reason]) => reason);
  for (const [index, one] of onesOf(named).entries()) {
    await giveUp(batch.select(one), { kind: 'refused', reason: reasons[index] ?? '', detail }, options);
  }
  if (!areOthersAccepted) return halvesOf(rest);
  const [open] = splitBy(spans, (place) => again?.places.has(place) === true);
  const [, others] = splitBy(spans, (place) => refused.has(place) || again?.places.has(place) === true);
  if (others.length > 0) options.events.accepted(batch.select(others));
  if (again === undefined) return [];
  options.events.retrying({ kind: 'retry', ...again }, batch.select(open));
  return [open];
}

async function giveUp(
  record: Records,
  outcome: Extract<Outcome, { kind: 'refused' | 'too-large' }>,
  { sink, deadLetter, events }: DeliveryOptions,
): Promise<void> {
  await deadLetter(sink.letter?.(record) ?? record.bytes);
  events.refused(outcome.kind === 'too-large' ? 'too_large' : outcome.reason, outcome.detail);
}

/** Both halves. The first one is last, because the last one is taken next. */
function halvesOf(spans: Spans): Spans[] {
  const middle = countOf(spans) >> 1;
  const [first, second] = splitBy(spans, (place) => place < middle);
  return [second, first];
}
