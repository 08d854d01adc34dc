import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ReplyScanner } from '../../src/resp/reply-scanner.ts';

/** A connection that sends and returns raw bytes. */
export class RawConnection implements Disposable {
  readonly socket: Socket;
  readonly #scanner = new ReplyScanner();
  #unscanned = Buffer.alloc(0);
  /** Whole replies and pushes in order of arrival. */
  readonly frames: Buffer[] = [];
  bytes = Buffer.alloc(0);
  isClosed = false;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  send(bytes: string | Buffer): this {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    return this;
  }

  /** Sends a request as an array of bulk strings. */
  command(...words: ReadonlyArray<string | Buffer>): this {
    return this.send(request(...words));
  }

  /** The next reply (or push) in the order of arrival. */
  async reply(timeoutMs = 15_000): Promise<string> {
    await this.#until(() => this.frames.length > 0 || this.isClosed, timeoutMs);
    const frame = this.frames.shift();
    if (frame === undefined) throw new Error('closed without a reply');
    return frame.toString('latin1');
  }

  /** Sends a request and resolves with its reply. */
  ask(...words: ReadonlyArray<string | Buffer>): Promise<string> {
    return this.command(...words).reply();
  }

  /** Resolves once this many frames have arrived, or after a silence. */
  async settle(frames: number, forMs: number): Promise<void> {
    await this.#until(() => this.frames.length >= frames || this.isClosed, forMs).catch(() => {});
  }

  closed(timeoutMs = 15_000): Promise<void> {
    return this.#until(() => this.isClosed, timeoutMs);
  }

  until(isDone: (connection: this) => boolean, timeoutMs = 15_000): Promise<void> {
    return this.#until(() => isDone(this), timeoutMs);
  }

  #until(isDone: () => boolean, timeoutMs: number): Promise<void> {
    if (isDone()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!isDone()) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(
          new Error(
            `nothing within ${timeoutMs} ms; so far ${JSON.stringify(this.bytes.toString('latin1').slice(-300))}`,
          ),
        );
      }, timeoutMs);
      this.#waiting.add(look);
    });
  }

  #take(bytes: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, bytes]);
    const before = this.#unscanned.length;
    this.#unscanned = Buffer.concat([this.#unscanned, bytes]);
    let from = 0;
    for (let at = before; at < this.#unscanned.length; ) {
      const end = this.#scanner.next(this.#unscanned, at, this.#unscanned.length);
      if (end < 0) break;
      this.frames.push(this.#unscanned.subarray(from, end));
      from = at = end;
    }
    this.#unscanned = this.#unscanned.subarray(from);
    this.#wake();
  }

  #wake(): void {
    for (const look of this.#waiting) look();
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** Encodes a request as an array of bulk strings, independently of the code under test. */
export function request(...words: ReadonlyArray<string | Buffer>): Buffer {
  const parts = words.map((word) => (typeof word === 'string' ? Buffer.from(word, 'latin1') : word));
  const bulks = parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')]);
  return Buffer.concat([Buffer.from(`*${parts.length}\r\n`), ...bulks]);
}

/** A bulk string as a reply. */
export const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;
