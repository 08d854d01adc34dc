import type { EventFault, Fault } from './faults.ts';
import type { LineFault } from './parse/line.ts';
import type { FamilyKind } from './series/family-kind.ts';

/** Event types, named as in upstream's labels; sets are an extension. */
export const eventTypeNames = ['counter', 'gauge', 'observer', 'set'] as const;
export type EventType = (typeof eventTypeNames)[number];

const maxConflictNames = 1000;
const maxConflictNameLength = 256;

/** Counts of a listener for connections. */
export class StreamCounts {
  connections = 0;
  connectionErrors = 0;
  tooLongLines = 0;
  /** Refused because too many were open. */
  refusedConnections = 0;
}

/**
 * Counts of all stages, as plain numbers because they change with every line and only scrapes read them.
 * They account for every line, sample and event that is refused.
 */
export class Counts {
  udpPackets = 0;
  unixgramPackets = 0;
  /** Datagrams over the maximum size, which lost their end. */
  unixgramCutPackets = 0;
  readonly tcp = new StreamCounts();
  readonly unix = new StreamCounts();
  /** Exceptions thrown by the pipeline; always a bug. */
  internalErrors = 0;
  /** Datagrams and stream chunks handed over. */
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
  /** Samples refused because a new series would exceed the total limit, the limit per metric, or the memory. */
  readonly seriesRefused = { total_limit: 0, metric_limit: 0, memory_limit: 0 };
  readonly events: Record<EventType, number> = { counter: 0, gauge: 0, observer: 0, set: 0 };
  readonly sampleErrors = new Map<LineFault, number>();
  readonly eventErrors = new Map<EventFault, number>();
  /** By event type and metric name; an empty name stands for long names and those after the first thousand. */
  readonly conflicts = new Map<string, { readonly type: EventType; readonly name: string; count: number }>();
  /** Rises with every fault; `lastFault` is the latest. */
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

  /** Counts a sample whose series would exceed a limit. */
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
