import type { Encoding } from './encoding.ts';
import { JsonWriter } from './json-writer.ts';

const recordEnd = ',\n';
const end = Buffer.from(']}]}]}\n');

/** OTLP's JSON (opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). */
export const json: Encoding = {
  contentType: 'application/json',
  writer: (options) => new JsonWriter(options),
  request: (head, records) => [head, records.subarray(0, -recordEnd.length), end],
  letter: (head, record) => Buffer.concat(json.request(head, record)),
  readAnswer(body) {
    const { partialSuccess: partial = {} } = body.length === 0 ? {} : JSON.parse(body.toString());
    return { rejected: Number(partial.rejectedLogRecords ?? 0), message: String(partial.errorMessage ?? '') };
  },
};
