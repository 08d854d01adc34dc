import { bytes, type Reader, readDurationMs } from '@pod-patterns/kit';
import { jsonExpectation } from '../../keys/json-pointer.ts';
import { count, defaulted, duration, list, optional } from '../../keys/key.ts';
import { kind } from '../kind.ts';
import { type Age, probeFile } from './probe.ts';

const age: Reader<Age> = {
  expected: 'a duration, a time such as 2026-01-31T12:00:00Z, or the absolute path of another file',
  read: (text) => {
    if (text.startsWith('/')) return { type: 'file', path: text };
    // no timer uses it, so it may be any length
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
    const successes = count.read(text);
    if (successes !== undefined) return successes;
    const ms = duration.read(text);
    return typeof ms === 'number' ? { ms } : ms;
  },
};

/** A file or folder, and its required state. */
export const file = kind({
  schemes: ['file'],
  form: '/PATH',
  ready: 'it exists',
  keys: {
    'min-bytes': optional(bytes, { hint: 'SIZE' }),
    stable: defaulted(stable, '1', {
      note: 'successes in a row; a duration such as `2s`: unchanged for that long',
    }),
    'newer-than': optional(age, { hint: 'AGE', note: 'a duration, a time or a file' }),
    'json:': list(jsonExpectation, { hint: '/POINTER[=VALUE]', note: 'regular files up to 1 MiB' }),
  },
  read: ({ rest }, keys) => {
    const path = rest.replace(/^\/\/(?=\/)/, '');
    if (!path.startsWith('/') || path.includes('\0')) return 'expected an absolute path';
    return {
      spec: {
        path,
        minBytes: keys['min-bytes'],
        stableMs: typeof keys.stable === 'number' ? undefined : keys.stable.ms,
        newerThan: keys['newer-than'],
        json: keys['json:'],
      },
    };
  },
  probe: probeFile,
});
