import { describeAnswer } from '../over-http/http-outcome.ts';
import type { Outcome, Records } from '../sink.ts';

/** The facts about a sent entry that Loki's messages name. */
interface Entry {
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly lineBytes: number;
}

/**
 * Interprets a 400. Loki can refuse some entries of a push and take the others, so a push is never sent again whole. The
 * message names the refused entries by their time, or by the limit that they exceed. Reasons are Loki's own words, as in
 * `loki_discarded_samples_total`.
 *
 * A message about labels, structured metadata or clocks is about all entries, and about the configuration of Loki or the
 * shipper: nothing is dropped for it.
 */
export function lokiRefusal(text: string, sent: Records): Outcome {
  const detail = describeAnswer({ status: 400, text });
  if (setUp.test(text)) return { kind: 'retry', reason: '400', detail };
  const entries = entriesOf(sent);
  const refused = new Map<number, string>();
  const refuse = (reason: string, isMeant: (entry: Entry) => boolean) => {
    for (const [index, entry] of entries.entries()) if (isMeant(entry)) refused.set(index, reason);
  };
  for (const [, limit] of text.matchAll(lineTooLong)) {
    refuse('line_too_long', ({ lineBytes }) => lineBytes > Number(limit));
  }
  for (const [, oldest] of text.matchAll(tooOld)) {
    const oldestTime = readTime(oldest);
    refuse('greater_than_max_sample_age', ({ time }) => oldestTime !== undefined && time < oldestTime);
  }
  // the time of an entry identifies it only within its stream
  const isOneStream = new Set(sent.groups.map(({ head }) => head)).size === 1;
  const named = isOneStream ? namedTimes(text) : new Set<bigint>();
  refuse('too_far_behind', ({ time }) => named.has(time));
  if (refused.size === 0) return { kind: 'refused', reason: '400', detail };
  const areOthersAccepted = isOneStream && areAllNamed(text, named.size, entries.length);
  return { kind: 'partly-refused', refused, areOthersAccepted, detail };
}

const setUp =
  /label names; limit|label (?:name|value) too long|duplicate label name|[Pp]arsing labels|at least one label pair|missing required labels|structured metadata|timestamp too new|ingestion blocked|no org id/;
const lineTooLong = /Max entry size '(\d+)' bytes exceeded/g;
const tooOld = /has timestamp too old: [^, ]*, oldest acceptable timestamp is: ([\dT:Z+-]+)/g;
const ignoredEntry =
  /entry with timestamp (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,9}))? \+0000 UTC ignored, reason: '/g;
const ignoredTotal = /total ignored: (\d+) out of (\d+) for stream/g;

function namedTimes(text: string): Set<bigint> {
  const times = new Set<bigint>();
  for (const [, date, clock, fraction = ''] of text.matchAll(ignoredEntry)) {
    const second = readTime(`${date}T${clock}Z`);
    if (second !== undefined) times.add(second + BigInt(fraction.padEnd(9, '0')));
  }
  return times;
}

/** Whether the message names all refused entries, and covers all sent ones. */
function areAllNamed(text: string, named: number, sent: number): boolean {
  const totals = [...text.matchAll(ignoredTotal)];
  const [, ignored, all] = totals[0] ?? [];
  return totals.length === 1 && Number(ignored) === named && Number(all) === sent;
}

function readTime(text = ''): bigint | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n;
}

function entriesOf({ bytes }: Records): Entry[] {
  const entries: ReadonlyArray<readonly [string, string]> = JSON.parse(`[${bytes.toString().slice(0, -2)}]`);
  return entries.map(([time, line]) => ({ time: BigInt(time), lineBytes: Buffer.byteLength(line) }));
}
