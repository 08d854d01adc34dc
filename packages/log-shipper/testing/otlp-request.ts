import { parse } from 'protobufjs';

/** The log messages of opentelemetry-proto 1.x, written from its documentation. */
const { root } = parse(`syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; bytes bytes_value = 7; } }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message InstrumentationScope { string name = 1; string version = 2; }
message LogRecord {
  fixed64 time_unix_nano = 1; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5;
  repeated KeyValue attributes = 6; uint32 dropped_attributes_count = 7; fixed32 flags = 8;
  bytes trace_id = 9; bytes span_id = 10; fixed64 observed_time_unix_nano = 11; string event_name = 12;
}
message ScopeLogs { InstrumentationScope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3; }
message Request { repeated ResourceLogs resource_logs = 1; }
message PartialSuccess { int64 rejected_log_records = 1; string error_message = 2; }
message Response { PartialSuccess partial_success = 1; }`);
const request = root.lookupType('Request');
const response = root.lookupType('Response');

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string };
}

/** A request in OTLP's JSON. */
export interface OtlpRequest {
  readonly resourceLogs: ReadonlyArray<{
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeLogs: ReadonlyArray<{
      readonly scope: { readonly name: string };
      readonly logRecords: ReadonlyArray<{
        readonly timeUnixNano?: string;
        readonly observedTimeUnixNano: string;
        readonly severityNumber?: number;
        readonly severityText?: string;
        readonly body: { readonly stringValue: string };
        readonly attributes: readonly Attribute[];
      }>;
    }>;
  }>;
}

/** A LogRecord with its attributes and those of its resource by name. */
export interface OtlpRecord {
  readonly time: string | undefined;
  readonly observed: string;
  readonly severity: number | undefined;
  readonly severityText: string | undefined;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly resource: Readonly<Record<string, string>>;
}

/** Parses a request with an independent library. @throws for any other body, and for unknown fields */
export function readOtlpRequest(body: Buffer, contentType: string): OtlpRecord[] {
  if (contentType === 'application/json') return recordsOf(JSON.parse(body.toString()));
  if (contentType !== 'application/x-protobuf') throw new Error(`content-type ${contentType}`);
  const message = request.decode(body);
  if (Buffer.compare(Buffer.from(request.encode(message).finish()).sort(), Buffer.from(body).sort()) !== 0) {
    throw new Error('has unknown fields');
  }
  // the library's JSON mapping differs from OTLP's only in the names of enums
  return recordsOf(request.toObject(message, { longs: String }) as OtlpRequest);
}

export function recordsOf({ resourceLogs }: OtlpRequest): OtlpRecord[] {
  return resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) => {
      if (scope.name !== 'log-shipper') throw new Error('no scope');
      return logRecords.map((record) => ({
        ...{ time: record.timeUnixNano, observed: record.observedTimeUnixNano },
        ...{ severity: record.severityNumber, severityText: record.severityText },
        body: record.body.stringValue,
        attributes: byName(record.attributes),
        resource: byName(resource.attributes),
      }));
    }),
  );
}

function byName(attributes: readonly Attribute[]): Record<string, string> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? `${value.intValue}`]),
  );
}

/** The answer of a collector that rejected some records. */
export function partialSuccess(rejected: number, errorMessage: string, contentType: string): Buffer {
  const partial = { rejectedLogRecords: rejected, errorMessage };
  return contentType === 'application/json'
    ? Buffer.from(JSON.stringify({ partialSuccess: { ...partial, rejectedLogRecords: String(rejected) } }))
    : Buffer.from(response.encode({ partialSuccess: partial }).finish());
}
