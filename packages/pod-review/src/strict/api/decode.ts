import { didYouMean } from '@pod-patterns/kit';
import { isRecord } from '../../record.ts';
import type { Path } from '../load/position.ts';
import type { Report } from './fault.ts';
import { fieldsOf } from './fields.ts';
import { parseQuantity } from './quantity.ts';
import { fieldGap, type KubernetesVersion } from './versions.ts';

/** Context for reading an object strictly. */
export interface DecodeContext {
  readonly version: KubernetesVersion;
  readonly report: Report;
}

/**
 * Reads a value as the API server decodes it into its Go type: values of another type are reported and left
 * out, unknown fields too, and absent required values are empty. So the result has the shape of the type
 * whatever was written, and the rules can rely on it.
 */
export function decode(value: unknown, type: string, path: Path, context: DecodeContext): unknown {
  if (value === null || value === undefined) return undefined;
  if (type.startsWith('[]')) return decodeList(value, type.slice(2), path, context);
  if (type.startsWith('{}')) return decodeMap(value, type.slice(2), path, context);
  if (type.startsWith('=')) return decodeWord(value, type.slice(1).split('|'), path, context);
  const scalar = scalars[type];
  if (scalar !== undefined) {
    const expected = scalar(value);
    if (expected === undefined) return value;
    context.report('wrong-type', path, `expected ${expected}, got ${describe(value)}`);
    return undefined;
  }
  return decodeObject(value, type, path, context);
}

function decodeList(value: unknown, type: string, path: Path, context: DecodeContext): unknown {
  if (!Array.isArray(value)) {
    context.report('wrong-type', path, `expected a list, got ${describe(value)}`);
    return undefined;
  }
  return value.flatMap((item, index) => {
    const decoded = decode(item, type, [...path, index], context) ?? zero(type);
    return decoded === undefined ? [] : [decoded];
  });
}

function decodeMap(value: unknown, type: string, path: Path, context: DecodeContext): unknown {
  if (!isRecord(value)) {
    context.report('wrong-type', path, `expected a map, got ${describe(value)}`);
    return undefined;
  }
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const decoded = decode(inner, type, [...path, key], context) ?? (inner === null ? zero(type) : undefined);
    return decoded === undefined ? [] : [[key, decoded] as const];
  });
  return Object.fromEntries(entries);
}

function decodeObject(value: unknown, type: string, path: Path, context: DecodeContext): unknown {
  const fields = fieldsOf(type);
  if (fields === undefined) return value;
  if (!isRecord(value)) {
    context.report('wrong-type', path, `expected a map, got ${describe(value)}`);
    return zero(type);
  }
  const decoded = new Map<string, unknown>();
  for (const [name, inner] of Object.entries(value)) {
    const field = fields.get(name);
    const gap = field === undefined ? undefined : fieldGap(`${type}.${name}`, context.version);
    if (field === undefined || gap !== undefined) {
      const reason = gap === undefined ? didYouMean(name, fields.keys()) : ` (it ${gap})`;
      context.report('unknown-field', [...path, name], `no such field${reason}`);
    } else {
      decoded.set(name, decode(inner, field.type, [...path, name], context));
    }
  }
  for (const [name, field] of fields) {
    if (field.isRequired && decoded.get(name) === undefined) decoded.set(name, zero(field.type));
  }
  return Object.fromEntries([...decoded].filter(([, inner]) => inner !== undefined));
}

/** A word of a fixed set. Empty stands for not given: the API server puts the default there. */
function decodeWord(value: unknown, words: readonly string[], path: Path, context: DecodeContext): unknown {
  if (typeof value !== 'string') {
    context.report('wrong-type', path, `expected a string, got ${describe(value)}`);
    return undefined;
  }
  if (value !== '' && !words.includes(value) && path[0] !== 'status') {
    const hint = didYouMean(value, words);
    context.report('invalid-value', path, `${quote(value)} is not one of ${words.join(', ')}${hint}`);
    return undefined;
  }
  return value;
}

/** Go's zero value. */
function zero(type: string): unknown {
  if (type === 'quantity') return '0';
  if (type === 'string' || type === 'intOrString' || type.startsWith('=')) return '';
  if (/^u?int|^double/.test(type)) return 0;
  if (type === 'bool') return false;
  if (type.startsWith('[]')) return [];
  if (type.startsWith('{}')) return {};
  const fields = fieldsOf(type);
  if (fields === undefined) return undefined;
  const required = [...fields].filter(([, field]) => field.isRequired);
  return Object.fromEntries(required.map(([name, field]) => [name, zero(field.type)]));
}

const isWhole = (value: unknown, bits: 32 | 64) =>
  typeof value === 'number' &&
  Number.isInteger(value) &&
  value >= -(2 ** (bits - 1)) &&
  value < 2 ** (bits - 1);

/** Expectation of each scalar type that a value does not meet; undefined if it does. */
const scalars: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  string: (value) => (typeof value === 'string' ? undefined : 'a string'),
  bool: (value) => (typeof value === 'boolean' ? undefined : 'true or false'),
  int32: (value) => (isWhole(value, 32) ? undefined : 'a 32-bit integer'),
  int64: (value) => (isWhole(value, 64) ? undefined : 'an integer'),
  double: (value) => (typeof value === 'number' ? undefined : 'a number'),
  intOrString: (value) =>
    typeof value === 'string' || isWhole(value, 32) ? undefined : 'an integer or a string',
  quantity: (value) =>
    parseQuantity(value) === undefined ? 'a quantity such as 500m, 0.5 or 64Mi' : undefined,
  time: (value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)
      ? undefined
      : 'a time such as 2026-01-31T12:00:00Z',
  any: () => undefined,
};

/** Name of a value's type for people. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the string ${quote(value)}`;
  if (typeof value === 'object') return 'a map';
  return String(value);
}

export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
