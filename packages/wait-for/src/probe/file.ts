import type { Stats } from 'node:fs';
import { jsonFault } from '../target/json-pointer.ts';
import type { Age, FileSpec } from '../target/kinds/file.ts';
import type { Probe } from './attempt.ts';
import { type Failure, failure } from './outcome.ts';
import { look, readText } from './read-file.ts';

/** Ready when the file is there and as it should be. Follows links; a folder counts as well. */
export const probeFile: Probe<FileSpec> = async (spec, attempt) => {
  const { path, minBytes, newerThan, json } = spec;
  attempt.waitFor('timeout', `${path} could not be looked at`);
  const found = await look(path);
  if ('ok' in found) return found;
  if (minBytes !== undefined && found.size < minBytes) {
    return failure('too-small', `${path} has ${found.size} of ${minBytes} bytes`);
  }
  const old = newerThan === undefined ? undefined : await ageFault(found, newerThan);
  if (old !== undefined) return typeof old === 'string' ? failure('too-old', `${path} ${old}`) : old;
  const changing = changingFault(spec, found);
  if (changing !== undefined) return changing;
  if (json.length > 0) {
    const text = await readText(path);
    if (typeof text !== 'string') return text;
    const fault = jsonFault(text, json);
    if (fault !== undefined) return failure('mismatch', `${path} ${fault}`);
  }
  return { ok: true, detail: `${path} is there` };
};

async function ageFault({ mtimeMs }: Stats, age: Age): Promise<string | Failure | undefined> {
  if (age.type === 'time') return mtimeMs > age.at ? undefined : 'was last changed too long ago';
  if (age.type === 'age') return mtimeMs > Date.now() - age.ms ? undefined : 'was last changed too long ago';
  const other = await look(age.path);
  if ('ok' in other) return other;
  return mtimeMs > other.mtimeMs ? undefined : `is not newer than ${age.path}`;
}

/** `ctime` moves with every write and cannot be set, so a copy that keeps its old `mtime` does not look finished. */
function changingFault({ path, stableMs }: FileSpec, { size, ctimeMs }: Stats): Failure | undefined {
  if (stableMs === undefined || Date.now() - ctimeMs >= stableMs) return undefined;
  return failure('not-ready', `${path} was changed a moment ago (${size} bytes so far)`);
}
