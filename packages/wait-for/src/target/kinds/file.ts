import { readDurationMs } from '@pod-patterns/kit';
import { type JsonExpectation, jsonExpectation } from '../json-pointer.ts';
import { defaulted, duration, list, optional, type Reader, size, wholeNumber } from '../keys.ts';
import { scheme } from '../scheme.ts';

/** What a file must be newer than. */
export type Age =
  | { readonly type: 'age'; readonly ms: number }
  | { readonly type: 'time'; readonly at: number }
  | { readonly type: 'file'; readonly path: string };

/** A file or folder, and how it must be. */
export interface FileSpec {
  readonly type: 'file';
  readonly path: string;
  readonly minBytes: number | undefined;
  /** How long size and time of change must have stayed the same. */
  readonly stableMs: number | undefined;
  readonly newerThan: Age | undefined;
  readonly json: readonly JsonExpectation[];
}

const age: Reader<Age> = {
  expected: 'a duration, a time such as 2026-01-31T12:00:00Z, or the absolute path of another file',
  read: (text) => {
    if (text.startsWith('/')) return { type: 'file', path: text };
    // no timer waits for it, so it may be any
    const ms = readDurationMs(text);
    if (ms !== undefined && ms > 0) return { type: 'age', ms };
    const at = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(at) ? undefined : { type: 'time', at };
  },
};

/** `stable=3` counts successes, as for every target; `stable=2s` is how long the file must not have changed. */
const stable: Reader<number | { readonly ms: number }> = {
  expected: 'a count such as 3, or a duration such as 2s',
  read: (text) => {
    const count = wholeNumber(1).read(text);
    if (count !== undefined) return count;
    const ms = duration.read(text);
    return typeof ms === 'number' ? { ms } : ms;
  },
};

/** `file:/PATH`. */
export const file = scheme({
  form: 'file:/PATH',
  keys: {
    'min-bytes': optional(size),
    stable: defaulted(stable, '1'),
    'newer-than': optional(age),
    'json:': list(jsonExpectation),
  },
  read: (rest, keys) => {
    const path = rest.replace(/^\/\/(?=\/)/, '');
    if (!path.startsWith('/') || path.includes('\0')) return 'expected an absolute path';
    return {
      spec: {
        type: 'file',
        path,
        minBytes: keys['min-bytes'],
        stableMs: typeof keys.stable === 'number' ? undefined : keys.stable.ms,
        newerThan: keys['newer-than'],
        json: keys['json:'],
      },
    };
  },
});
