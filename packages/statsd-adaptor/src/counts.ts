import type { EventFault, Fault } from './faults.ts';
import type { LineFault } from './parse/line.ts';
import type { FamilyKind } from './series/family.ts';

/** The kinds of events, as upstream's labels call them; sets are ours. */
export const eventTypeNames = ['counter', 'gauge', 'observer', 'set'] as const;
export type EventType = (typeof eventTypeNames)[number];

const maxConflictNames = 1000;
const maxConflictNameLength = 256;

/** What a listener for connections has seen. */
export class StreamCounts {
  connections = 0;
  connectionErrors = 0;
  tooLongLines = 0;
  /** Because too many were open. */
  refusedConnections = 0;
}

/**
 * What the stations have seen, as plain numbers: they change with every line and are only read by a scrape.
 * Every line, sample and event that is not taken is in one of them.
 */
export class Counts {
  udpPackets = 0;
  unixgramPackets = 0;
  /** Of which the end was lost, because they were longer than any may be. */
  unixgramCutPackets = 0;
  readonly tcp = new StreamCounts();
  readonly unix = new StreamCounts();
  /** Times the pipeline threw, which it never should. */
  internalErrors = 0;
  /** Datagrams and pieces of a stream that were handed over. */
  batches = 0;
  lines = 0;
  dogstatsdEvents = 0;
  dogstatsdServiceChecks = 0;
  samples = 0;
  tags = 0;
  tagErrors = 0;
  unmapped = 0;
  mapped = 0;
  dropped = 0;
  expired = 0;
  cacheGets = 0;
  cacheHits = 0;
  cutScrapes = 0;
  reloads = 0;
  reloadFailures = 0;
  /** Samples that would have made a series beyond the limit on all, on those of one metric, or on memory. */
  readonly seriesRefused = { total_limit: 0, metric_limit: 0, memory_limit: 0 };
  readonly events: Record<EventType, number> = { counter: 0, gauge: 0, observer: 0, set: 0 };
  readonly sampleErrors = new Map<LineFault, number>();
  readonly eventErrors = new Map<EventFault, number>();
  /** By event type and metric name; long names and those beyond the first thousand are counted under an empty one. */
  readonly conflicts = new Map<string, { readonly type: EventType; readonly name: string; count: number }>();
  /** Rises with every fault; when it has, `lastFault` tells which was the last. */
  faults = 0;
  lastFault: Fault = 'malformed_line';

  badTags(times: number): void {
    if (times === 0) return;
    this.#note('bad_tag');
    this.tagErrors += times;
  }

  sampleError(fault: LineFault, times = 1): void {
    if (times === 0) return;
    this.#note(fault);
    this.sampleErrors.set(fault, (this.sampleErrors.get(fault) ?? 0) + times);
  }

  /** A sample whose series would be beyond a limit. */
  refuse(limit: keyof Counts['seriesRefused']): void {
    this.#note(limit);
    this.seriesRefused[limit]++;
  }

  eventError(fault: EventFault): void {
    this.#note(fault);
    this.eventErrors.set(fault, (this.eventErrors.get(fault) ?? 0) + 1);
  }

  conflict(type: EventType, name: string): void {
    this.#note('conflict');
    if (name.length > maxConflictNameLength) {
      this.conflict(type, '');
      return;
    }
    const key = `${type} ${name}`;
    const known = this.conflicts.get(key);
    if (known !== undefined) known.count++;
    else if (name !== '' && this.conflicts.size >= maxConflictNames) this.conflict(type, '');
    else this.conflicts.set(key, { type, name, count: 1 });
  }

  #note(fault: Fault): void {
    this.faults++;
    this.lastFault = fault;
  }
}

export function eventTypeOf(kind: FamilyKind): EventType {
  return kind === 'summary' || kind === 'histogram' ? 'observer' : kind;
}
