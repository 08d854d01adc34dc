import type { Refusal } from '@pod-patterns/kit';
import type { RecordOptions, RecordWriter } from '../record/record-writer.ts';
import type { Sink } from './sink.ts';

/** One kind of sink. All that is special to it is in its folder; `registry.ts` has a line for it. */
export interface SinkKind {
  /** How its URLs look, for `--help` and for errors. */
  readonly form: string;
  /** Reads a URL; undefined if it is of another kind, and a reason if it is nearly of this one. */
  read(url: string): SinkTarget | Refusal | undefined;
}

/** A sink as its URL describes it: nothing is opened yet. */
export interface SinkTarget {
  /** The URL without anything secret: the sink's name in metrics and in the checkpoint. */
  readonly name: string;
  /** Limits of the backend, or sizes that suit it; without limits any batch and any line will do. */
  readonly limits?: {
    readonly batchBytes?: number;
    readonly batchRecords?: number;
    readonly lineBytes?: number;
  };
  /** The file that it writes, which must not be shipped again. */
  readonly writes?: string;
  /** Describes why these labels cannot be told apart, one line each. */
  readonly findLabelFaults?: (labels: Labels) => string[];
  /** Makes the writer of its records. */
  writer(options: RecordOptions): RecordWriter;
  open(): Sink;
}

/** Labels of `--label`. */
export type Labels = ReadonlyArray<readonly [name: string, value: string]>;
