/** Field numbers of opentelemetry/proto/logs/v1/logs.proto and its imports. */
export const request = { resourceLogs: 1 } as const;
export const resourceLogs = { resource: 1, scopeLogs: 2 } as const;
export const resource = { attributes: 1 } as const;
export const scopeLogs = { scope: 1, logRecords: 2 } as const;
export const scope = { name: 1 } as const;
export const logRecord = {
  ...{ time: 1, severityNumber: 2, severityText: 3, body: 5, attributes: 6, observedTime: 11 },
} as const;
export const anyValue = { text: 1, integer: 3 } as const;
export const keyValue = { key: 1, value: 2 } as const;
export const response = { partialSuccess: 1 } as const;
export const partialSuccess = { rejectedLogRecords: 1, errorMessage: 2 } as const;

/** Names of a record's attributes: those of OpenTelemetry, and the collector's for the offset. */
export const attribute = {
  path: 'log.file.path',
  name: 'log.file.name',
  offset: 'log.file.record_offset',
  part: 'log.record.part',
  last: 'log.record.last',
} as const;
