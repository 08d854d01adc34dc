import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { factsOf } from './file-facts.ts';
import type { OpenedHandle } from './log-file.ts';
import { placeOf } from './place-of.ts';
import { refusal } from './refusal.ts';

/**
 * Opens a regular file for reading. `check` gets the real path of the opened file before anything is read, because a name
 * can belong to another file a moment later. Does not block if the name is a pipe.
 */
export async function openFile(path: string, check?: (realPath: string) => void): Promise<OpenedHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const stats = await handle.stat({ bigint: true });
    const realPath = await placeOf(handle, path);
    check?.(realPath);
    if (!stats.isFile()) throw refusal('not_regular', `${realPath} is not a regular file`);
    return { path, realPath, handle, facts: factsOf(stats) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
