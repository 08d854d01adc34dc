import type { Socket } from 'node:net';
import type { Figures } from '../figures.ts';
import type { ReplySlice } from '../upstream/reply-target.ts';

const chunkBytes = 16 * 1024;
const maxSpareChunks = 256;
/** A reply that has not come whole waits for its rest up to this size; then its beginning goes out. */
const maxPartialBytes = 64 * 1024;

const spare: Buffer[] = [];

/** Replies on their way to one client: gathered, and written once for all that came together. */
export class Output {
  readonly #socket: Socket;
  readonly #figures: Figures;
  #chunk: Buffer | undefined;
  #length = 0;
  /** Up to here the chunk holds whole replies; what follows is the beginning of one. */
  #wholeLength = 0;
  #isInsideReply = false;

  constructor(socket: Socket, figures: Figures) {
    this.#socket = socket;
    this.#figures = figures;
  }

  /** Bytes that the client has not taken yet. */
  get unreadBytes(): number {
    return this.#length + this.#socket.writableLength;
  }

  /** Whether the beginning of a reply has been sent and its end has not. */
  get isInsideReply(): boolean {
    return this.#isInsideReply;
  }

  /**
   * Takes replies from a link. Returns the memory with what is whole now and was not before, for a look at it
   * until the next call; nothing when its beginning has been sent already.
   */
  appendSlice({ bytes, start, wholeEnd, end }: ReplySlice): Buffer | undefined {
    const at = this.#length;
    this.#append(bytes, start, end);
    if (wholeEnd === start) return undefined;
    const before = this.#wholeLength;
    const wasInside = this.#isInsideReply;
    this.#wholeLength = at + wholeEnd - start;
    this.#isInsideReply = false;
    return wasInside ? undefined : this.#chunk?.subarray(before, this.#wholeLength);
  }

  /** Takes a reply of our own, as latin1 text. */
  appendText(text: string): void {
    const chunk = this.#room(text.length);
    this.#length += chunk.write(text, this.#length, 'latin1');
    this.#wholeLength = this.#length;
  }

  /** Forgets the beginning of a reply whose end will not come. */
  dropPartial(): void {
    this.#length = this.#wholeLength;
  }

  /** Hands what is there to the socket, unless the client still has to read what it got before. */
  flush(): void {
    const isSplit = this.#isInsideReply || this.#length - this.#wholeLength > maxPartialBytes;
    const length = isSplit ? this.#length : this.#wholeLength;
    const chunk = this.#chunk;
    if (length === 0 || chunk === undefined) return;
    if (this.#socket.writableLength > 0 && length < maxPartialBytes) return;
    const whole = this.#wholeLength;
    const rest = chunk.subarray(length, this.#length);
    this.#chunk = undefined;
    this.#length = this.#wholeLength = 0;
    if (length > whole) this.#isInsideReply = true;
    this.#figures.clientBytesOut += length;
    if (rest.length > 0) this.#append(rest, 0, rest.length);
    this.#socket.write(chunk.subarray(0, length));
    // the kernel has it all: the memory can be used again
    if (this.#socket.writableLength === 0 && chunk.length === chunkBytes && spare.length < maxSpareChunks) {
      spare.push(chunk);
    }
  }

  /** Hands over all whole replies, however much the client has not read. */
  finish(): void {
    this.dropPartial();
    if (this.#chunk !== undefined && this.#length > 0)
      this.#socket.write(this.#chunk.subarray(0, this.#length));
    this.#chunk = undefined;
    this.#length = this.#wholeLength = 0;
  }

  #append(bytes: Buffer, start: number, end: number): void {
    const chunk = this.#room(end - start);
    bytes.copy(chunk, this.#length, start, end);
    this.#length += end - start;
  }

  #room(size: number): Buffer {
    const chunk = this.#chunk;
    if (chunk !== undefined && this.#length + size <= chunk.length) return chunk;
    const needed = this.#length + size;
    const target =
      needed <= chunkBytes
        ? (spare.pop() ?? Buffer.allocUnsafeSlow(chunkBytes))
        : Buffer.allocUnsafeSlow(needed * 2);
    chunk?.copy(target, 0, 0, this.#length);
    if (chunk?.length === chunkBytes && spare.length < maxSpareChunks) spare.push(chunk);
    this.#chunk = target;
    return target;
  }
}
