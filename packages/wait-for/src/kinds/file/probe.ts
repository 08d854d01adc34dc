import type { Stats } from 'node:fs';
import { type JsonExpectation, jsonFault } from '../../keys/json-pointer.ts';
import type { Attempt } from '../../probe/attempt.ts';
import type { Files } from '../../probe/files.ts';
import { type Failure, failure, type Outcome } from '../../probe/outcome.ts';

/** Time or file that a file must be newer than. */
export type Age =
  | { readonly type: 'age'; readonly ms: number }
  | { readonly type: 'time'; readonly at: number }
  | { readonly type: 'file'; readonly path: string };

/** A file or folder, and its required state. */
export interface FileSpec {
  readonly path: string;
  readonly minBytes: number | undefined;
  /** Time for which the file must be unchanged. */
  readonly stableMs: number | undefined;
  readonly newerThan: Age | undefined;
  readonly json: readonly JsonExpectation[];
}

/** Ready when the file exists and meets all keys. Follows symbolic links; a folder counts too. */
export async function probeFile(spec: FileSpec, attempt: Attempt): Promise<Outcome> {
  const { path, minBytes, newerThan, json } = spec;
  const { files } = attempt.surroundings;
  attempt.waitFor('timeout', `no answer from the file system for ${path}`);
  const found = await files.look(path);
  if ('ok' in found) return found;
  if (minBytes !== undefined && found.size < minBytes) {
    return failure('too-small', `${path} has ${found.size} of ${minBytes} bytes`);
  }
  const old = newerThan === undefined ? undefined : await ageFault(found, newerThan, files);
  if (old !== undefined) return typeof old === 'string' ? failure('too-old', `${path} ${old}`) : old;
  const changing = changingFault(spec, found);
  if (changing !== undefined) return changing;
  if (json.length > 0) {
    const text = await files.readText(path);
    if (typeof text !== 'string') return text;
    const fault = jsonFault(text, json);
    if (fault !== undefined) return failure('mismatch', `${path} ${fault}`);
  }
  return { ok: true, detail: `${path} exists` };
}

async function ageFault({ mtimeMs }: Stats, age: Age, files: Files): Promise<string | Failure | undefined> {
  if (age.type === 'time') return mtimeMs > age.at ? undefined : 'was last modified too long ago';
  if (age.type === 'age') return mtimeMs > Date.now() - age.ms ? undefined : 'was last modified too long ago';
  const other = await files.look(age.path);
  if ('ok' in other) return other;
  return mtimeMs > other.mtimeMs ? undefined : `is not newer than ${age.path}`;
}

/** `ctime` changes with every write and cannot be set, so a copy with an old `mtime` does not look finished. */
function changingFault({ path, stableMs }: FileSpec, { size, ctimeMs }: Stats): Failure | undefined {
  if (stableMs === undefined || Date.now() - ctimeMs >= stableMs) return undefined;
  return failure('not-ready', `${path} is still changing (${size} bytes so far)`);
}
