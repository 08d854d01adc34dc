import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { type Failure, failure } from './outcome.ts';
import { systemFailure } from './system-failure.ts';

type Fs = typeof import('node:fs/promises');

/** No certificate, token, report or list of targets is larger. */
const maxBytes = 1024 * 1024;
const chunkBytes = 64 * 1024;

/** Threads of libuv's pool: what it has unless it is told otherwise, and what it can have. */
const nodeThreads = 4;
const mostThreads = 1024;

/**
 * The files of this machine, which somebody else may have made, on a file system that may not answer. Node asks it from
 * a thread, which nothing takes back.
 */
export class Files {
  #underWay = 0;

  /** Whether a thread waits for an answer: Node would wait for that thread at its end. */
  get isHeld(): boolean {
    return this.#underWay > 0;
  }

  /**
   * Sees to a thread for each of so many that may be held, beside Node's own four: who is held keeps nobody else from
   * reading then. Has no effect once a file was asked for.
   */
  makeRoom(count: number): void {
    const own = Number(process.env['UV_THREADPOOL_SIZE']) || nodeThreads;
    process.env['UV_THREADPOOL_SIZE'] = String(Math.min(mostThreads, Math.max(own, nodeThreads + count)));
  }

  /** Reads a regular file, or says why not: a pipe could hold up who reads it, and a device can be endless. */
  readBytes(path: string): Promise<Buffer | Failure> {
    return this.#ask(path, async ({ constants, open }) => {
      await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const stats = await file.stat();
      if (!stats.isFile()) return failure('missing', `${path} is not a regular file`);
      return (await readAll(file)) ?? failure('mismatch', `${path} is larger than 1 MiB`);
    });
  }

  /** As `readBytes`, for a file that holds UTF-8. */
  async readText(path: string): Promise<string | Failure> {
    const read = await this.readBytes(path);
    return Buffer.isBuffer(read) ? read.toString('utf8') : read;
  }

  /** What is known of a file, or why nothing is. Follows links. */
  look(path: string): Promise<Stats | Failure> {
    return this.#ask(path, ({ stat }) => stat(path));
  }

  /** Reads what the user hands over, which may be a pipe: `--file <(helm template …)`. Throws where it cannot. */
  readGiven(path: string): Promise<string> {
    return this.#count(async ({ open }) => {
      await using file = await open(path);
      const read = await readAll(file);
      if (read === undefined) throw new Error('is larger than 1 MiB');
      return read.toString('utf8');
    });
  }

  /** Writes a whole file, and makes it unless it `mustExist`. Throws where it cannot; a pipe that nobody reads is no place. */
  write(path: string, text: string, { mustExist = false } = {}): Promise<void> {
    return this.#count(async ({ constants, open }) => {
      const { O_WRONLY, O_TRUNC, O_NONBLOCK, O_CREAT } = constants;
      await using file = await open(path, O_WRONLY | O_TRUNC | O_NONBLOCK | (mustExist ? 0 : O_CREAT));
      await file.writeFile(text);
    });
  }

  async #ask<Answer>(path: string, ask: (fs: Fs) => Promise<Answer>): Promise<Answer | Failure> {
    try {
      return await this.#count(ask);
    } catch (error) {
      return systemFailure(error, path);
    }
  }

  async #count<Answer>(ask: (fs: Fs) => Promise<Answer>): Promise<Answer> {
    const fs = await import('node:fs/promises');
    this.#underWay++;
    try {
      return await ask(fs);
    } finally {
      this.#underWay--;
    }
  }
}

/** Undefined for more than anybody needs. */
async function readAll(file: FileHandle): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  while (length <= maxBytes) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, null);
    if (bytesRead === 0) return Buffer.concat(chunks, length);
    chunks.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return undefined;
}
