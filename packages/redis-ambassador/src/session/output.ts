import type { Socket } from 'node:net';
import type { Figures } from '../figures.ts';
import { buffers } from '../policy/buffer-pool.ts';
import type { ReplySlice } from '../upstream/reply-target.ts';
import type { Flushable } from '../upstream/turn.ts';

/** Small, because many clients may be answered at once, mostly with little. */
const firstChunkBytes = 4 * 1024;
/** An incomplete reply is held up to this size; then its beginning is sent. */
const maxPartialBytes = 64 * 1024;

/** Output to one client: gathers replies, and writes those that came together at once. */
export class Output implements Flushable {
  isFlushDue = false;
  readonly #socket: Socket;
  readonly #figures: Figures;
  #chunk: Buffer | undefined;
  #length = 0;
  /** End of the whole replies in the chunk; the beginning of one may follow. */
  #wholeLength = 0;
  #isInsideReply = false;
  /** Whether that beginning may still be dropped. */
  #isHeldBack = false;
  /** Unused memory of the chunk held by the socket. */
  #slackBytes = 0;

  constructor(socket: Socket, figures: Figures) {
    this.#socket = socket;
    this.#figures = figures;
  }

  /** Bytes that the client has not read yet. */
  get unreadBytes(): number {
    return this.#length + this.#socket.writableLength;
  }

  /** Unread bytes without those that wait for the rest of their reply. */
  get waitingBytes(): number {
    return this.#socket.writableLength === 0 ? 0 : this.unreadBytes;
  }

  /** Held memory in bytes, including the unused part of chunks. */
  get heldBytes(): number {
    const { writableLength } = this.#socket;
    return (this.#chunk?.length ?? 0) + writableLength + (writableLength > 0 ? this.#slackBytes : 0);
  }

  /** Whether only the beginning of a reply was sent. */
  get isInsideReply(): boolean {
    return this.#isInsideReply;
  }

  /** Takes replies from a link. */
  append({ bytes, start, wholeEnd, end, isHeldBack }: ReplySlice): void {
    const at = this.#length;
    this.#isHeldBack = isHeldBack;
    this.#append(bytes, start, end);
    if (wholeEnd === start) return;
    this.#wholeLength = at + wholeEnd - start;
    this.#isInsideReply = false;
  }

  /**
   * Takes one reply, or a part of it. Returns the whole reply once complete, valid until
   * the next call; nothing if its beginning was already sent.
   */
  appendFrame(slice: ReplySlice): Buffer | undefined {
    const before = this.#wholeLength;
    const wasInside = this.#isInsideReply;
    this.append(slice);
    return slice.replies === 0 || wasInside ? undefined : this.#chunk?.subarray(before, this.#wholeLength);
  }

  /** Takes a reply of the ambassador itself, as latin1 text. */
  appendText(text: string): void {
    const chunk = this.#room(text.length);
    this.#length += chunk.write(text, this.#length, 'latin1');
    this.#wholeLength = this.#length;
  }

  /** Drops the beginning of a reply whose end will not come. */
  dropPartial(): void {
    this.#length = this.#wholeLength;
  }

  /** Writes the gathered bytes, unless the client has not read the previous ones. */
  flush(): void {
    const isLong = this.#length - this.#wholeLength > maxPartialBytes;
    const isSplit = this.#isInsideReply || (isLong && !this.#isHeldBack);
    const length = isSplit ? this.#length : this.#wholeLength;
    const chunk = this.#chunk;
    if (length === 0 || chunk === undefined) return;
    if (this.#socket.writableLength > 0 && length < maxPartialBytes) return;
    const filled = this.#length;
    if (length > this.#wholeLength) this.#isInsideReply = true;
    this.#chunk = undefined;
    this.#length = this.#wholeLength = 0;
    if (filled > length) this.#append(chunk, length, filled);
    this.#figures.clientBytesOut += length;
    this.#write(chunk, length);
  }

  /** Drops all unwritten bytes. */
  clear(): void {
    if (this.#chunk !== undefined) buffers.give(this.#chunk);
    this.#chunk = undefined;
    this.#length = this.#wholeLength = 0;
  }

  /** Writes all whole replies, however much is unread. */
  finish(): void {
    this.dropPartial();
    if (this.#chunk !== undefined && this.#length > 0)
      this.#socket.write(this.#chunk.subarray(0, this.#length));
    this.#chunk = undefined;
    this.#length = this.#wholeLength = 0;
  }

  #write(chunk: Buffer, length: number): void {
    const bytes = chunk.subarray(0, length);
    // a slow reader must not fill the memory with half-empty chunks
    const isSlow = this.#socket.writableLength > 0;
    this.#socket.write(isSlow ? Buffer.from(bytes) : bytes);
    // the kernel has all bytes, or they were copied: reuse the memory
    if (isSlow || this.#socket.writableLength === 0) buffers.give(chunk);
    else this.#slackBytes = chunk.length - length;
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
    const target = buffers.take(chunk === undefined ? Math.max(firstChunkBytes, needed) : needed * 2);
    if (chunk !== undefined) {
      chunk.copy(target, 0, 0, this.#length);
      buffers.give(chunk);
    }
    this.#chunk = target;
    return target;
  }
}
