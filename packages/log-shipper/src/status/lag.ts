import type { Generation } from '../tail/generation.ts';

/** Exact lag of a sink in one file, from its position and the file's current size. */
export interface Lag {
  readonly bytes: number;
  /** Age of the first unacknowledged byte; 0 if there is none. */
  readonly seconds: number;
}

export function lagOf(generation: Generation, sink: string, nowMs: number): Lag {
  const { positions, size, growth } = generation;
  const offset = positions.get(sink)?.offset ?? 0;
  if (offset >= size || !generation.isFor(sink)) return { bytes: 0, seconds: 0 };
  const writtenMs = growth.writtenAt(offset) ?? nowMs;
  return { bytes: size - offset, seconds: Math.max(0, (nowMs - writtenMs) / 1000) };
}

/** Sums lags: all their bytes, and the age of the oldest. */
export function sumLags(lags: Iterable<Lag>): Lag {
  let bytes = 0;
  let seconds = 0;
  for (const lag of lags) {
    bytes += lag.bytes;
    seconds = Math.max(seconds, lag.seconds);
  }
  return { bytes, seconds };
}
