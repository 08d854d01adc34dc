/** Value of a field: true for a name without a value, a list for a repeated name. */
export type FieldValue = string | true | ReadonlyArray<string | true>;

/** The fields of a line, in their order. */
export type Fields = ReadonlyMap<string, FieldValue>;

/** Why a line has no fields: a word for metrics. */
export type NoFields = 'not_logfmt' | 'no_match' | 'too_slow';

/** Finds the fields of a line. */
export type FieldReader = (text: string) => Fields | NoFields;

/** Writes the fields as a JSON object, whatever their names are. */
export function toJson(fields: Fields): string {
  const members = [...fields].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${members.join()}}`;
}
