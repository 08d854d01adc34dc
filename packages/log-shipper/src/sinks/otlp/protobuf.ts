import type { Encoding } from './encoding.ts';
import { scopeName } from './encoding.ts';
import { partialSuccess, request, resourceLogs, response, scope, scopeLogs } from './fields.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { requestAsJson } from './request-as-json.ts';
import { bytesField, bytesFieldLength, putBytesTag, readFields } from './wire.ts';

const named = bytesField(scopeLogs.scope, bytesField(scope.name, scopeName));

/** OTLP's protobuf. */
export const protobuf: Encoding = {
  contentType: 'application/x-protobuf',
  writer: (options) => new ProtobufWriter(options),
  request(head, records) {
    const inScope = named.length + records.length;
    const inResource = head.length + bytesFieldLength(inScope);
    const starts = [tag(request.resourceLogs, inResource), head, tag(resourceLogs.scopeLogs, inScope)];
    return [...starts, named, records];
  },
  letter: (head, record) => Buffer.from(`${JSON.stringify(requestAsJson(head, record))}\n`),
  readAnswer(body) {
    const found = { rejected: 0, message: '' };
    for (const [field, value] of readFields(body)) {
      if (field !== response.partialSuccess || !Buffer.isBuffer(value)) continue;
      for (const [inner, said] of readFields(value)) {
        if (inner === partialSuccess.rejectedLogRecords) found.rejected = Number(said);
        if (inner === partialSuccess.errorMessage) found.message = String(said);
      }
    }
    return found;
  },
};

function tag(field: number, length: number): Buffer {
  const out = Buffer.alloc(bytesFieldLength(length) - length);
  putBytesTag(out, 0, field, length);
  return out;
}
