import type { Stats } from 'node:fs';
import { type Failure, failure } from './outcome.ts';
import { systemFailure } from './system-failure.ts';

/** No certificate, token or report is larger. */
const maxBytes = 1024 * 1024;

/**
 * Reads a regular file that a target names, or says why it cannot be read. Somebody else may have made it: a pipe
 * would hold up the whole process, also its end, and a device can be endless.
 */
export async function readBytes(path: string): Promise<Buffer | Failure> {
  const { constants, open } = await import('node:fs/promises');
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) return failure('missing', `${path} is not a regular file`);
    if (stats.size > maxBytes) return failure('mismatch', `${path} is larger than 1 MiB`);
    return await file.readFile();
  } catch (error) {
    return systemFailure(error, path);
  }
}

/** As `readBytes`, for a file that holds UTF-8. */
export async function readText(path: string): Promise<string | Failure> {
  const read = await readBytes(path);
  return Buffer.isBuffer(read) ? read.toString('utf8') : read;
}

/** What is known of a file, or why nothing is. Follows links. */
export async function look(path: string): Promise<Stats | Failure> {
  const { stat } = await import('node:fs/promises');
  return stat(path).catch((error: unknown) => systemFailure(error, path));
}
