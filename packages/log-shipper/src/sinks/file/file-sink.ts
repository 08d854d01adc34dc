import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CodedError, describeError, systemCode } from '@pod-patterns/kit';
import type { Outcome, Records, Sink } from '../sink.ts';

/**
 * Appends records to a file; on disk counts as acknowledged. A partial record, left by a full disk or a crash, is cut off
 * before the next write. Others may rotate the file at any time, but must not replace it by a link: that could lead to a
 * file of the shipper.
 */
export class FileSink implements Sink {
  readonly name: string;
  readonly #path: string;
  #file: { readonly handle: FileHandle; readonly inode: bigint } | undefined;

  constructor({ name, path }: { readonly name: string; readonly path: string }) {
    this.name = name;
    this.#path = path;
  }

  async send({ bytes }: Pick<Records, 'bytes'>): Promise<Outcome> {
    try {
      const handle = await this.#open();
      const { size } = await handle.stat();
      try {
        await writeAll(handle, bytes);
        await handle.datasync();
      } catch (error) {
        await handle.truncate(size);
        throw error;
      }
      return { kind: 'accepted' };
    } catch (error) {
      await this.#close();
      return { kind: 'retry', reason: systemCode(error) ?? 'unknown', detail: describeError(error) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  async #open(): Promise<FileHandle> {
    const there = await lstat(this.#path, { bigint: true }).catch(() => undefined);
    if (this.#file !== undefined && there?.ino === this.#file.inode) return this.#file.handle;
    await this.#close();
    await mkdir(dirname(this.#path), { recursive: true });
    // readable too: a torn record may be at the end
    const handle = await openRegular(this.#path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT);
    const { ino, size } = await handle.stat({ bigint: true });
    this.#file = { handle, inode: ino };
    await cutTornRecord(handle, Number(size));
    return handle;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close().catch(() => undefined);
  }
}

async function openRegular(path: string, flags: number): Promise<FileHandle> {
  const handle = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o644);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new CodedError('not_regular', `${path} is not a regular file`);
}

async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at);
    at += bytesWritten;
  }
}

/** Truncates the file after its last newline. */
async function cutTornRecord(handle: FileHandle, size: number): Promise<void> {
  const buffer = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - buffer.length);
    const { bytesRead } = await handle.read(buffer, 0, end - start, start);
    const newline = buffer.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (newline >= 0 || start === 0) {
      const whole = newline < 0 ? 0 : start + newline + 1;
      if (whole < size) await handle.truncate(whole);
      return;
    }
    end = start;
  }
}
