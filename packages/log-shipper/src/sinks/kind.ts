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
  /** What the backend takes at most, or what is good for it; without it any batch and any line will do. */
  readonly limits?: { readonly batchBytes?: number; readonly lineBytes?: number };
  /** The file that it writes, which must not be shipped again. */
  readonly writes?: string;
  /** Says what keeps these labels from being told apart, a line each. */
  readonly findLabelFaults?: (labels: Labels) => string[];
  /** Makes the writer of its records. */
  writer(options: RecordOptions): RecordWriter;
  open(): Sink;
}

/** What `--label` says. */
export type Labels = ReadonlyArray<readonly [name: string, value: string]>;
