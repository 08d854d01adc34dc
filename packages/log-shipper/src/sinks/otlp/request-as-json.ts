import { scopeName } from './encoding.ts';
import { anyValue, keyValue, logRecord } from './fields.ts';
import { readFields } from './wire.ts';

/** Turns a resource and a LogRecord of `ProtobufWriter` into a request in JSON, because people read dead letters. */
export function requestAsJson(head: Buffer, record: Buffer): unknown {
  const attributes = [...readFields(insideOf(head))].map(([, value]) => asAttribute(bytesOf(value)));
  const scopeLogs = [{ scope: { name: scopeName }, logRecords: [asRecord(insideOf(record))] }];
  return { resourceLogs: [{ resource: { attributes }, scopeLogs }] };
}

function asRecord(message: Buffer): unknown {
  const record: Record<string, unknown> = {};
  const attributes: unknown[] = [];
  for (const [field, value] of readFields(message)) {
    if (field === logRecord.time) record['timeUnixNano'] = String(value);
    else if (field === logRecord.observedTime) record['observedTimeUnixNano'] = String(value);
    else if (field === logRecord.severityNumber) record['severityNumber'] = Number(value);
    else if (field === logRecord.severityText) record['severityText'] = String(value);
    else if (field === logRecord.body) record['body'] = asValue(bytesOf(value));
    else attributes.push(asAttribute(bytesOf(value)));
  }
  return { ...record, attributes };
}

function asAttribute(message: Buffer): unknown {
  const found: Record<string, unknown> = {};
  for (const [field, value] of readFields(message)) {
    if (field === keyValue.key) found['key'] = String(value);
    else found['value'] = asValue(bytesOf(value));
  }
  return found;
}

function asValue(message: Buffer): unknown {
  const [[field, value] = []] = [...readFields(message)];
  return field === anyValue.integer ? { intValue: String(value) } : { stringValue: String(value ?? '') };
}

/** The message that is the only field of another. */
function insideOf(message: Buffer): Buffer {
  const [[, value] = []] = [...readFields(message)];
  return bytesOf(value);
}

function bytesOf(value: bigint | Buffer | undefined): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}
