import type { MemoryUse } from '@pod-patterns/kit';
import type { Counts } from '../counts.ts';
import type { SocketState } from '../listen/udp-sockets.ts';

/** What `/status` answers: the few figures that say at a glance how it goes. */
export interface Status {
  readonly linesTotal: number;
  readonly linesPerSecond: number;
  readonly series: number;
  /** Lines, samples, tags and events that were not taken, by kind of fault. */
  readonly errors: {
    readonly samples: Readonly<Record<string, number>>;
    readonly events: Readonly<Record<string, number>>;
    readonly tags: number;
    readonly conflicts: number;
  };
  /** What never became a sample, or had no room as a series. */
  readonly drops: {
    readonly kernel: number;
    readonly seriesLimit: number;
    readonly tooLongLines: number;
  };
  readonly sockets: readonly SocketState[];
  /** When the exposition was asked for last, RFC 3339; null while nobody has. */
  readonly lastScrapedAt: string | null;
  readonly memory: MemoryUse;
}

export function statusOf(
  counts: Counts,
  { series, linesPerSecond, sockets, lastScrapedAt, memory }: Omit<Status, 'linesTotal' | 'errors' | 'drops'>,
): Status {
  const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
  return {
    linesTotal: counts.lines,
    linesPerSecond: Math.round(linesPerSecond * 10) / 10,
    series,
    errors: {
      samples: Object.fromEntries(counts.sampleErrors),
      events: Object.fromEntries(counts.eventErrors),
      tags: counts.tagErrors,
      conflicts: sum([...counts.conflicts.values()].map(({ count }) => count)),
    },
    drops: {
      kernel: sum(sockets.map(({ drops }) => drops)),
      seriesLimit: sum(Object.values(counts.seriesRefused)),
      tooLongLines: counts.tcp.tooLongLines + counts.unix.tooLongLines,
    },
    sockets,
    lastScrapedAt,
    memory,
  };
}
