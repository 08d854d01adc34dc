import { expect, it } from 'vitest';
import { notes } from '../notes.ts';
import { commonKeys } from '../target/common-keys.ts';
import { kindOf } from './registry.ts';

/** Schemes that are aliases of others. */
const aliases = new Set(['postgresql']);

it.each([...kindOf].filter(([name]) => !aliases.has(name)))(
  '--help knows %s and its keys',
  (name, { keys }) => {
    expect(notes()).toMatch(new RegExp(`\\b${name.replace('+', '\\+')}:`));
    for (const key of [...Object.keys(keys), ...Object.keys(commonKeys)]) expect(notes()).toContain(key);
  },
);
