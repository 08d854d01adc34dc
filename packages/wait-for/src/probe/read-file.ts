import type { Stats } from 'node:fs';
import type { Failure } from './outcome.ts';
import { systemFailure } from './system-failure.ts';

/** Reads a file that a target names, or says why it cannot be read. */
export async function readBytes(path: string): Promise<Buffer | Failure> {
  const { readFile } = await import('node:fs/promises');
  return readFile(path).catch((error: unknown) => systemFailure(error, path));
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
