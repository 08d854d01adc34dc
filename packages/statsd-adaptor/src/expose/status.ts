import type { MemoryUse } from '@pod-patterns/kit';
import type { Counts } from '../counts.ts';
import type { SocketState } from '../listen/udp-sockets.ts';

/** The answer of `/status`: a few key figures. */
export interface Status {
  readonly linesTotal: number;
  readonly linesPerSecond: number;
  readonly series: number;
  /** Refused lines, samples, tags and events, by kind of fault. */
  readonly errors: {
    readonly samples: Readonly<Record<string, number>>;
    readonly events: Readonly<Record<string, number>>;
    readonly tags: number;
    readonly conflicts: number;
  };
  /** Lost datagrams and lines, and samples without room for their series. */
  readonly drops: {
    readonly kernel: number;
    readonly seriesLimit: number;
    readonly tooLongLines: number;
  };
  readonly sockets: readonly SocketState[];
  /** Time of the last scrape, RFC 3339; null before the first. */
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
