import type { Batch } from '../buffer/batch.ts';
import type { Chunk, Line } from '../frame/line.ts';

/** Turns lines into records of a batch. A sink that wants another form than NDJSON has its own. */
export interface RecordWriter {
  /** The lines to come are of this chunk of `file`, from index `from` on. */
  begin(chunk: Chunk, from: number, file: string): void;
  /** Adds the line to the batch as a record; false when it does not fit and the batch has to go first. */
  write(batch: RecordBatch, line: Line): boolean;
}

/** What a writer needs of a batch. */
export type RecordBatch = Pick<Batch<never, never>, 'bytes' | 'length' | 'reserve' | 'add'>;
