import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ReplyScanner } from '../../src/resp/reply-scanner.ts';
import { incomplete, malformed } from '../../src/resp/request-scanner.ts';
import { request } from './raw-connection.ts';

/** A client that reads only while a reply is awaited, and keeps only the digest of each reply. */
export class SlowReader implements Disposable {
  readonly socket: Socket;
  readonly #pauseMs: number;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #scanner = new ReplyScanner();
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;

  private constructor(socket: Socket, pauseMs: number) {
    this.socket = socket;
    this.#pauseMs = pauseMs;
    socket.setNoDelay(true).on('error', () => {});
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  /** Waits for `pauseMs` before each read. */
  static async open(port: number, pauseMs = 0): Promise<SlowReader> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new SlowReader(socket, pauseMs);
  }

  send(...requests: readonly Buffer[]): this {
    this.socket.write(Buffer.concat(requests));
    return this;
  }

  /** Digest of the next reply, in the form of `digestOf`. */
  async reply(): Promise<string> {
    const hash = createHash('sha1');
    let head = '';
    let isWhole = false;
    while (!isWhole) {
      if (this.#at === this.#chunk.length) await this.#read();
      const found = this.#scanner.next(this.#chunk, this.#at, this.#chunk.length);
      if (found === malformed) throw new Error(this.#scanner.fault);
      isWhole = found !== incomplete;
      const part = this.#chunk.subarray(this.#at, isWhole ? found : this.#chunk.length);
      hash.update(part);
      if (head.length < shown) head += part.toString('latin1', 0, shown - head.length);
      this.#at += part.length;
    }
    return `${head} ${hash.digest('hex')}`;
  }

  ask(...words: ReadonlyArray<string | Buffer>): Promise<string> {
    return this.send(request(...words)).reply();
  }

  async replies(count: number): Promise<string[]> {
    const replies = [];
    while (replies.length < count) replies.push(await this.reply());
    return replies;
  }

  async #read(): Promise<void> {
    if (this.#pauseMs > 0) await delay(this.#pauseMs);
    const { value, done } = await this.#chunks.next();
    if (done === true) throw new Error('closed within a reply');
    this.#chunk = value;
    this.#at = 0;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

const shown = 60;

/** The beginning of a reply and a digest of the whole. */
export function digestOf(reply: string | Buffer): string {
  const bytes = typeof reply === 'string' ? Buffer.from(reply, 'latin1') : reply;
  return `${bytes.toString('latin1', 0, shown)} ${createHash('sha1').update(bytes).digest('hex')}`;
}

/** A bulk string as a reply. */
export function bulk(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')]);
}
