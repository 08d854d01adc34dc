import { PbfReader } from 'pbf';

/** How a field is read; a list of fields is a message. */
type Kind = 'text' | 'double' | 'count' | 'signed' | Fields;
type Fields = Readonly<Record<number, readonly [name: string, kind: Kind, isRepeated?: 'repeated']>>;

/** A message, by the field names of io/prometheus/client/metrics.proto. */
export interface Message {
  readonly [name: string]: string | number | Message | ReadonlyArray<string | number | Message>;
}

const value: Fields = { 1: ['value', 'double'] };
const pair: Fields = { 1: ['name', 'text'], 2: ['value', 'text'] };
const quantile: Fields = { 1: ['quantile', 'double'], 2: ['value', 'double'] };
const bucket: Fields = { 1: ['cumulative_count', 'count'], 2: ['upper_bound', 'double'] };
const span: Fields = { 1: ['offset', 'signed'], 2: ['length', 'count'] };
const summary: Fields = {
  1: ['sample_count', 'count'],
  2: ['sample_sum', 'double'],
  3: ['quantile', quantile, 'repeated'],
};
const histogram: Fields = {
  1: ['sample_count', 'count'],
  2: ['sample_sum', 'double'],
  3: ['bucket', bucket, 'repeated'],
  5: ['schema', 'signed'],
  6: ['zero_threshold', 'double'],
  7: ['zero_count', 'count'],
  9: ['negative_span', span, 'repeated'],
  10: ['negative_delta', 'signed', 'repeated'],
  12: ['positive_span', span, 'repeated'],
  13: ['positive_delta', 'signed', 'repeated'],
};
const metric: Fields = {
  1: ['label', pair, 'repeated'],
  2: ['gauge', value],
  3: ['counter', value],
  4: ['summary', summary],
  5: ['untyped', value],
  7: ['histogram', histogram],
};
const family: Fields = {
  1: ['name', 'text'],
  2: ['help', 'text'],
  3: ['type', 'count'],
  4: ['metric', metric, 'repeated'],
};

/** Reads delimited messages of type MetricFamily; an unknown field is an error. */
export function readFamilies(bytes: Uint8Array): Message[] {
  const reader = new PbfReader(bytes);
  const families: Message[] = [];
  while (reader.pos < bytes.length) families.push(readMessage(reader, family));
  return families;
}

function readMessage(reader: PbfReader, fields: Fields): Message {
  const message: Record<string, Message[string]> = {};
  const end = reader.readVarint() + reader.pos;
  for (let tag = reader.nextField(end); tag !== 0; tag = reader.nextField(end)) {
    const field = fields[tag];
    if (field === undefined) throw new Error(`unknown field ${tag}`);
    const [name, kind, isRepeated] = field;
    const read = readKind(reader, kind);
    const before = message[name];
    message[name] = isRepeated ? [...(Array.isArray(before) ? before : []), read] : read;
  }
  return message;
}

function readKind(reader: PbfReader, kind: Kind): string | number | Message {
  if (kind === 'text') return reader.readString();
  if (kind === 'double') return reader.readDouble();
  if (kind === 'count') return reader.readVarint();
  return kind === 'signed' ? reader.readSVarint() : readMessage(reader, kind);
}
