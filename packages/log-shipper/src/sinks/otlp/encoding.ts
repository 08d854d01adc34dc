import type { RecordOptions, RecordWriter } from '../../record/record-writer.ts';

/** Answer of a collector that has accepted a request in part. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

/** An encoding of requests. The head of a batch's only group is the resource, as its writer wrote it. */
export interface Encoding {
  readonly contentType: string;
  writer(options: RecordOptions): RecordWriter;
  /** The pieces of a request, in order. */
  request(head: Buffer, records: Buffer): readonly Buffer[];
  /** A request with one record as JSON, with a newline at its end. */
  letter(head: Buffer, record: Buffer): Buffer;
  /** @throws if an answer is not of this encoding */
  readAnswer(body: Buffer): PartialSuccess;
}

/** The instrumentation scope of all records. */
export const scopeName = 'log-shipper';
