import { close, constants, fstat, open, read, type Stats, stat, write } from 'node:fs';
import { type Failure, failure } from './outcome.ts';
import { systemFailure } from './system-failure.ts';

/** No certificate, token, report or list of targets is larger. */
const maxBytes = 1024 * 1024;
const chunkBytes = 64 * 1024;

/** Threads of libuv's pool: default and maximum. */
const nodeThreads = 4;
const mostThreads = 1024;

/**
 * Files of this machine, which may be untrusted, on a file system that may hang. Node calls it from a thread, and
 * nothing can cancel that call.
 */
export class Files {
  #underWay = 0;

  /** Whether a thread waits for the file system: Node would wait for that thread at its end. */
  get isHeld(): boolean {
    return this.#underWay > 0;
  }

  /**
   * Provides a thread for each call that may hang, beside Node's own four, so that no call blocks another.
   * Has no effect after the first file operation.
   */
  makeRoom(count: number): void {
    const own = Number(process.env['UV_THREADPOOL_SIZE']) || nodeThreads;
    process.env['UV_THREADPOOL_SIZE'] = String(Math.min(mostThreads, Math.max(own, nodeThreads + count)));
  }

  /** Reads a regular file, or returns the failure: a pipe may block its reader, and a device may be endless. */
  readBytes(path: string): Promise<Buffer | Failure> {
    return this.#ask(path, () =>
      withFile(path, constants.O_RDONLY | constants.O_NONBLOCK, async (file) => {
        const stats = await ask<Stats>((done) => fstat(file, done));
        if (!stats.isFile()) return failure('missing', `${path} is not a regular file`);
        return (await readAll(file)) ?? failure('mismatch', `${path} is larger than 1 MiB`);
      }),
    );
  }

  /** As `readBytes`, for a file that holds UTF-8. */
  async readText(path: string): Promise<string | Failure> {
    const bytes = await this.readBytes(path);
    return Buffer.isBuffer(bytes) ? bytes.toString('utf8') : bytes;
  }

  /** Status of a file, or the reason why it is unknown. Follows symbolic links. */
  look(path: string): Promise<Stats | Failure> {
    return this.#ask(path, () => ask<Stats>((done) => stat(path, done)));
  }

  /** Reads a file of the user, which may be a pipe: `--file <(helm template …)`. Throws if it cannot. */
  readGiven(path: string): Promise<string> {
    return this.#count(() =>
      withFile(path, constants.O_RDONLY, async (file) => {
        const bytes = await readAll(file);
        if (bytes === undefined) throw new Error('is larger than 1 MiB');
        return bytes.toString('utf8');
      }),
    );
  }

  /** Writes a whole file. Throws if it cannot, also for a pipe without a reader. */
  write(path: string, text: string): Promise<void> {
    const { O_WRONLY, O_TRUNC, O_NONBLOCK, O_CREAT } = constants;
    const flags = O_WRONLY | O_TRUNC | O_NONBLOCK | O_CREAT;
    return this.#count(() => withFile(path, flags, (file) => writeAll(file, Buffer.from(text))));
  }

  async #ask<Answer>(path: string, question: () => Promise<Answer>): Promise<Answer | Failure> {
    try {
      return await this.#count(question);
    } catch (error) {
      return systemFailure(error, path);
    }
  }

  async #count<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    this.#underWay++;
    try {
      return await question();
    } finally {
      this.#underWay--;
    }
  }
}

/** An answer of node:fs, which every process has loaded, unlike that of its promises. */
function ask<Answer>(
  question: (done: (error: Error | null, answer: Answer) => void) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    question((error, answer) => (error === null ? resolve(answer) : reject(error)));
  });
}

async function withFile<Value>(
  path: string,
  flags: number,
  use: (file: number) => Promise<Value>,
): Promise<Value> {
  const file = await ask<number>((done) => open(path, flags, done));
  try {
    return await use(file);
  } finally {
    await ask<void>((done) => close(file, done));
  }
}

/** Undefined for more than anybody needs. */
async function readAll(file: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  while (length <= maxBytes) {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    const count = await ask<number>((done) => read(file, chunk, 0, chunkBytes, null, done));
    if (count === 0) return Buffer.concat(chunks, length);
    chunks.push(chunk.subarray(0, count));
    length += count;
  }
  return undefined;
}

async function writeAll(file: number, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    written += await ask<number>((done) => write(file, bytes, written, done));
  }
}
