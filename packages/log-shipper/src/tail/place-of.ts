import { type FileHandle, readlink, realpath, stat } from 'node:fs/promises';
import { CodedError } from '@pod-patterns/kit';

const ownDescriptors = '/proc/self/fd';

/**
 * Where the file behind a handle is, all links resolved. Linux says it of the open file itself, whatever its
 * name leads to by now. Elsewhere (macOS) the name is resolved again and must still be that of this file.
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
  // reported like a name that is gone: the next look finds its present file
  throw new CodedError('ENOENT', `${path} was replaced while it was being opened`);
}
