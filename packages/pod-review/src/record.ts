/** A value as a map of text keys, empty when it is something else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** A value as a list of such maps, empty when it is no list. */
export function asRecords(value: unknown): Array<Readonly<Record<string, unknown>>> {
  return Array.isArray(value) ? value.map(asRecord) : [];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
