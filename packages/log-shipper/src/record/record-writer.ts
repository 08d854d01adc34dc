import type { Batch } from '../batch/batch.ts';
import type { Chunk, Line } from '../frame/line.ts';
import type { TimeFormat } from './time/format.ts';
import type { TimeZone } from './time/zone.ts';

/** Contents of every record beside its line. */
export interface Identity {
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: Readonly<Record<string, string>>;
}

export interface RecordOptions extends Identity {
  /**
   * `auto`: a line that is one JSON object keeps its fields, any other is a message; `json`: the same, and
   * the others are told to `onNotJson`; `none`: all are messages.
   */
  readonly parse: 'auto' | 'json' | 'none';
  readonly onNotJson: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where the clock stands of times without a zone; UTC without it. */
  readonly timeZone?: TimeZone;
  /** A form of times that is tried before the usual ones. */
  readonly timeFormat?: TimeFormat | undefined;
  readonly onUnreadTime?: (time: UnreadTime) => void;
}

/** An unreadable value in the place of a line's time. */
export interface UnreadTime {
  readonly file: string;
  readonly field: string;
  /** Its text, or the beginning of it. */
  readonly value: () => string;
}

/** Where the lines of a chunk are from. */
export interface Origin {
  /** The name under which the file was found first. */
  readonly file: string;
  /** When the file was written to last, in milliseconds since 1970. */
  readonly writtenMs: number;
  /** Whether the file ends with this chunk, as far as it is written. */
  readonly isAtEnd: boolean;
}

/** Turns lines into records of a batch. A sink that wants another form than NDJSON has its own. */
export interface RecordWriter {
  /** The lines to come are of this chunk, from index `from` on. */
  begin(chunk: Chunk, from: number, origin: Origin): void;
  /** Adds the line to the batch as a record; false when it does not fit and the batch has to go first. */
  write(batch: RecordBatch, line: Line): boolean;
}

/** The part of a batch that a writer needs. */
export type RecordBatch = Pick<Batch<never, never>, 'bytes' | 'length' | 'group' | 'reserve' | 'add'>;
