import { type FileHandle, readlink, realpath, stat } from 'node:fs/promises';
import { CodedError } from '@pod-patterns/kit';

const ownDescriptors = '/proc/self/fd';

/**
 * The real path of the file of a handle, with all links resolved. Linux reports it for the open file itself. On other
 * systems (macOS) the name is resolved again and must still belong to this file.
 */
export async function placeOf(
  handle: FileHandle,
  path: string,
  descriptors = ownDescriptors,
): Promise<string> {
  const place = await readlink(`${descriptors}/${handle.fd}`).catch(() => undefined);
  if (place !== undefined) return place;
  const resolved = await realpath(path);
  const [opened, named] = await Promise.all([
    handle.stat({ bigint: true }),
    stat(resolved, { bigint: true }),
  ]);
  if (opened.dev === named.dev && opened.ino === named.ino) return resolved;
  // reported like a missing name: the next scan finds its present file
  throw new CodedError('ENOENT', `${path} was replaced while it was being opened`);
}
