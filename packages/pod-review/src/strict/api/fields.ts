import data from './fields.json' with { type: 'json' };
import { retiredFields } from './versions.ts';

/** A field of an API type; see scripts/generate-fields.ts for the words of `type`. */
export interface Field {
  readonly type: string;
  readonly isRequired: boolean;
}

const kinds = new Map<string, string>(Object.entries(data.kinds));
const types = new Map<string, string>(Object.entries(data.types));
const parsed = new Map<string, ReadonlyMap<string, Field>>();

/** All kinds, as `apps/v1 Deployment`. */
export const knownKinds: readonly string[] = [...kinds.keys()];

/** The type of a kind (`apps/v1`, `Deployment`), or undefined. */
export function typeOfKind(apiVersion: string, kind: string): string | undefined {
  return kinds.get(`${apiVersion} ${kind}`);
}

/** The fields of a type by name; undefined for a type that takes anything. Parsed when first asked for. */
export function fieldsOf(type: string): ReadonlyMap<string, Field> | undefined {
  const known = parsed.get(type);
  if (known !== undefined) return known;
  const text = types.get(type);
  if (text === undefined || text === '') return undefined;
  const fields = new Map(text.split(', ').map(readField));
  for (const [name, retired] of Object.entries(retiredFields)) {
    if (name.startsWith(`${type}.`))
      fields.set(name.slice(type.length + 1), { type: retired, isRequired: false });
  }
  parsed.set(type, fields);
  return fields;
}

function readField(text: string): [string, Field] {
  const space = text.indexOf(' ');
  const name = text.slice(0, space);
  const isRequired = name.endsWith('!');
  return [isRequired ? name.slice(0, -1) : name, { type: text.slice(space + 1), isRequired }];
}
