import type { Refusal } from '@pod-patterns/kit';
import type { RecordOptions, RecordWriter } from '../record/record-writer.ts';
import type { Sink } from './sink.ts';

/** One kind of sink. Its code is in its folder; `registry.ts` has a line for it. */
export interface SinkKind {
  /** The form of its URLs, for `--help` and errors. */
  readonly form: string;
  /** Reads a URL. Undefined for another kind of sink, a refusal for a faulty URL of this kind. */
  read(url: string): SinkTarget | Refusal | undefined;
}

/** A sink as its URL describes it, before anything is opened. */
export interface SinkTarget {
  /** The URL without secrets: the sink's name in metrics and in the checkpoint. */
  readonly name: string;
  /** Limits of the backend, or sizes that suit it. Without limits, any batch and any line will do. */
  readonly limits?: {
    readonly batchBytes?: number;
    readonly batchRecords?: number;
    readonly lineBytes?: number;
  };
  /** The file that the sink writes, which must not be shipped. */
  readonly writes?: string;
  /** Finds labels that the backend cannot take, one line each. */
  readonly findLabelFaults?: (labels: Labels) => string[];
  /** Makes the writer of its records. */
  writer(options: RecordOptions): RecordWriter;
  open(): Sink;
}

/** Labels of `--label`. */
export type Labels = ReadonlyArray<readonly [name: string, value: string]>;
