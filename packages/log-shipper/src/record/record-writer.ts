import type { Batch } from '../batch/batch.ts';
import type { Chunk, Line } from '../frame/line.ts';
import type { TimeFormat } from './time/format.ts';
import type { TimeZone } from './time/zone.ts';

/** Contents of every record besides its line. */
export interface Identity {
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: Readonly<Record<string, string>>;
}

export interface RecordOptions extends Identity {
  /**
   * `auto`: a line that is one JSON object keeps its fields, any other is a message. `json`: the same, and other lines are
   * reported to `onNotJson`. `none`: all lines are messages.
   */
  readonly parse: 'auto' | 'json' | 'none';
  readonly onNotJson: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Zone of times without one, by default UTC. */
  readonly timeZone?: TimeZone;
  /** A form of times that is tried first. */
  readonly timeFormat?: TimeFormat | undefined;
  readonly onUnreadTime?: (time: UnreadTime) => void;
}

/** An unreadable value in the place of a line's time. */
export interface UnreadTime {
  readonly file: string;
  readonly field: string;
  /** The text, or its beginning. */
  readonly value: () => string;
}

/** Origin of the lines of a chunk. */
export interface Origin {
  /** Name under which the file was first found. */
  readonly file: string;
  /** Last write to the file, in milliseconds since 1970. */
  readonly writtenMs: number;
  /** Whether this chunk ends at the present end of the file. */
  readonly isAtEnd: boolean;
}

/** Turns lines into records of a batch. Each sink with a form other than NDJSON has its own writer. */
export interface RecordWriter {
  /** Begins a chunk: the following lines are from it, from index `from` on. */
  begin(chunk: Chunk, from: number, origin: Origin): void;
  /** Adds the line to the batch as a record; false if it does not fit and the batch has to be sent first. */
  write(batch: RecordBatch, line: Line): boolean;
}

/** The part of a batch that a writer needs. */
export type RecordBatch = Pick<Batch<never, never>, 'bytes' | 'length' | 'group' | 'reserve' | 'add'>;
