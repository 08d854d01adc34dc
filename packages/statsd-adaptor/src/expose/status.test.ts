import { describe, expect, it } from 'vitest';
import { TestAdaptor } from '../../testing/adaptor.ts';
import { statusOf } from './status.ts';

describe('statusOf', () => {
  it('sums up accepted and refused lines', () => {
    const { counts, registry } = new TestAdaptor({ limits: { total: 1 } }).send(
      ...['a:1|c', 'a:1|g', 'b:1|c', 'nope', 'nope', 'a:-1|c', 'a:1|c|#x'],
    );
    const sockets = [{ address: '127.0.0.1:1', receiveBufferBytes: 1, queuedBytes: 0, drops: 3 }];
    const lastScrapedAt = '2026-01-02T03:04:05.678Z';
    const { seriesCount: series } = registry;
    const memory = { kind: 'RSS', bytes: 5 } as const;
    expect(statusOf(counts, { series, linesPerSecond: 1.26, sockets, lastScrapedAt, memory })).toEqual({
      linesTotal: 7,
      linesPerSecond: 1.3,
      series: 1,
      errors: {
        samples: { malformed_line: 2 },
        events: { illegal_negative_counter: 1 },
        tags: 1,
        conflicts: 1,
      },
      drops: { kernel: 3, seriesLimit: 1, tooLongLines: 0 },
      sockets,
      lastScrapedAt,
      memory,
    });
  });
});
