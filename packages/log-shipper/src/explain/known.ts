import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '@pod-patterns/kit';
import { decodeCheckpoint } from '../checkpoint/checkpoint.ts';
import { fromCheckpoint } from '../checkpoint/remembered.ts';
import { holds, isUnknown } from '../tail/content.ts';
import type { Opened } from '../tail/handles.ts';
import type { Remembered } from '../tail/resume.ts';

/** Entry of a file in the checkpoint. */
export type Known =
  | { readonly is: 'unknown' | 'unreadable' | 'other content' }
  | { readonly is: 'known'; readonly entry: Remembered };

/** Looks a file up in the checkpoint without changing it. */
export async function lookUp(
  { source, facts }: Opened,
  { stateDir, sinks }: { stateDir: string; sinks: readonly string[] },
): Promise<Known> {
  let text: string;
  try {
    text = await readFile(join(stateDir, 'checkpoint'), 'utf8');
  } catch (error) {
    return { is: systemCode(error) === 'ENOENT' ? 'unknown' : 'unreadable' };
  }
  const decoded = decodeCheckpoint(text);
  if (!decoded.ok) return { is: 'unreadable' };
  const entry = fromCheckpoint(decoded.files, sinks).findLast(({ inode }) => inode === source.inode);
  if (entry === undefined) return { is: 'unknown' };
  const isSame = isUnknown(entry.known) || (await holds(source.content(facts.size), entry.known));
  return isSame ? { is: 'known', entry } : { is: 'other content' };
}
