import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

export interface RotatingFileOptions {
  readonly folder: string;
  /** `access` writes `access.log`, and on rotation `access.1.log`, `access.2.log`, … */
  readonly name: string;
  readonly maxBytes: number;
  /** Files kept, the current one included. */
  readonly maxFiles: number;
  /** Called with the number of lost lines, and the reason. */
  readonly onDrop: (lines: number, reason: string) => void;
  readonly onWritten?: () => void;
}

/** Bytes that may wait in memory for a slow disk; further lines are dropped and counted. */
const maxPendingBytes = 4 * 1024 * 1024;

/** After a write the next one waits this long for more lines: a write costs more than many lines. */
const pauseMs = 5;

/**
 * A log file that rotates at a size. Lines that arrive during a write go out together in the next one, and a rotation
 * never cuts a line. A failing disk costs lines, but never the process: the next write opens the file again.
 */
export class RotatingFile extends Writable implements AsyncDisposable {
  readonly #options: RotatingFileOptions;
  #file: FileHandle | undefined;
  #bytes = 0;
  /** The last write broke off within a line. */
  #isTorn = false;

  private constructor(options: RotatingFileOptions) {
    super({ decodeStrings: false, highWaterMark: maxPendingBytes });
    this.#options = options;
  }

  /** @throws the system's error if the file cannot be opened */
  static async open(options: RotatingFileOptions): Promise<RotatingFile> {
    const file = new RotatingFile(options);
    await file.#open();
    return file;
  }

  /** Whether another line would wait in memory beyond the bound. */
  get isFull(): boolean {
    return this.writableLength >= maxPendingBytes;
  }

  override _write(line: string, _encoding: unknown, done: () => void): void {
    this.#append([line]).then(() => setTimeout(done, pauseMs));
  }

  override _writev(chunks: Array<{ readonly chunk: string }>, done: () => void): void {
    this.#append(chunks.map(({ chunk }) => chunk)).then(() => setTimeout(done, pauseMs));
  }

  override _final(done: () => void): void {
    Promise.resolve(this.#file?.close()).then(done, done);
  }

  /** Writes pending lines and closes the file. */
  override async [Symbol.asyncDispose](): Promise<void> {
    this.end();
    await finished(this);
  }

  /** Never rejects, so that one failure does not end the stream. */
  async #append(lines: readonly string[]): Promise<void> {
    let left = lines;
    try {
      while (left.length > 0) {
        await this.#open();
        const { batch, count } = this.#takeBatch(left);
        await this.#write(batch);
        left = left.slice(count);
        if (this.#bytes >= this.#options.maxBytes) await this.#rotate();
      }
      this.#options.onWritten?.();
    } catch (error) {
      this.#options.onDrop(
        left.length,
        error instanceof Error && 'code' in error ? String(error.code) : 'unknown',
      );
      await this.#file?.close().catch(() => {});
      this.#file = undefined;
    }
  }

  /** The lines that still fit into the current file; at least one. */
  #takeBatch(lines: readonly string[]): { batch: Buffer; count: number } {
    let room = this.#options.maxBytes - this.#bytes;
    let count = 0;
    do room -= Buffer.byteLength(lines[count] ?? '');
    while (++count < lines.length && room > 0);
    return { batch: Buffer.from((this.#isTorn ? '\n' : '') + lines.slice(0, count).join('')), count };
  }

  async #write(batch: Buffer): Promise<void> {
    let written = 0;
    while (written < batch.length) {
      const { bytesWritten = 0 } = (await this.#file?.write(batch, written)) ?? {};
      written += bytesWritten;
      this.#bytes += bytesWritten;
      this.#isTorn = written < batch.length && batch[written - 1] !== 0x0a;
    }
  }

  async #open(): Promise<void> {
    if (this.#file !== undefined) return;
    await mkdir(this.#options.folder, { recursive: true });
    this.#file = await open(this.#path(0), 'a');
    this.#bytes = (await this.#file.stat()).size;
  }

  async #rotate(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    for (let number = this.#options.maxFiles - 1; number > 0; number--) {
      await rename(this.#path(number - 1), this.#path(number)).catch(ignoreMissing);
    }
    await this.#open();
  }

  /** Rotated files keep the ending `.log`: an agent that was away at the rotation still finds them. */
  #path(number: number): string {
    const { folder, name } = this.#options;
    return join(folder, number === 0 ? `${name}.log` : `${name}.${number}.log`);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
