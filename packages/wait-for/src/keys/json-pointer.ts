import type { Reader } from '@pod-patterns/kit';

/** A place in a JSON text and its expected value; without one it must exist and not be null. */
export interface JsonExpectation {
  /** As it was written. */
  readonly pointer: string;
  readonly value: string | undefined;
}

/** Reads `/POINTER=VALUE` or `/POINTER` (RFC 6901); the empty pointer is the whole text. */
export const jsonExpectation: Reader<JsonExpectation> = {
  expected: 'json:/POINTER=VALUE with a pointer of RFC 6901',
  read: (text) => {
    const equals = text.indexOf('=');
    const pointer = equals < 0 ? text : text.slice(0, equals);
    if (!/^(\/([^~]|~[01])*)?$/.test(pointer)) return undefined;
    return { pointer, value: equals < 0 ? undefined : text.slice(equals + 1) };
  },
};

/** The value at a pointer (RFC 6901), or undefined. */
export function valueAt(root: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1);
  return steps.reduce<unknown>((value, step) => {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    return (value as Record<string, unknown>)[name]; // an object that owns it
  }, root);
}

/** The text or number at a pointer, as text; undefined for anything else: `String` of an object can throw. */
export function textAt(root: unknown, pointer: string): string | undefined {
  const value = valueAt(root, pointer);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** Describes the first unmet expectation of a JSON text; undefined if all are met. */
export function jsonFault(text: string, expectations: readonly JsonExpectation[]): string | undefined {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  for (const { pointer, value } of expectations) {
    const found = valueAt(root, pointer);
    if (found === undefined) return `has no value at ${pointer}`;
    const shown = typeof found === 'string' ? found : JSON.stringify(found);
    if (value === undefined ? found === null : shown !== value) {
      const wanted = value === undefined ? 'something' : value;
      return `has ${shorten(shown)} at ${pointer}, not ${wanted}`;
    }
  }
  return undefined;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
