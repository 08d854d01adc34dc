import type { Socket } from 'node:net';
import type { Figures } from '../figures.ts';
import { buffers } from '../policy/buffer-pool.ts';
import type { ReplySlice } from '../upstream/reply-target.ts';
import type { Flushable } from '../upstream/turn.ts';

/** Many clients may be answered at once, most of them with little. */
const firstChunkBytes = 4 * 1024;
/** A reply that has not come whole waits for its rest up to this size; then its beginning goes out. */
const maxPartialBytes = 64 * 1024;

/** Replies on their way to one client: gathered, and written once for all that came together. */
export class Output implements Flushable {
  isFlushDue = false;
  readonly #socket: Socket;
  readonly #figures: Figures;
  #chunk: Buffer | undefined;
  #length = 0;
  /** Up to here the chunk holds whole replies; what follows is the beginning of one. */
  #wholeLength = 0;
  #isInsideReply = false;
  /** Whether that beginning may yet be taken back. */
  #isHeldBack = false;
  /** Memory of the chunk that the socket holds, beyond the bytes in it. */
  #slackBytes = 0;

  constructor(socket: Socket, figures: Figures) {
    this.#socket = socket;
    this.#figures = figures;
  }

  /** Bytes that the client has not taken yet. */
  get unreadBytes(): number {
    return this.#length + this.#socket.writableLength;
  }

  /** Those that wait for the client, and not for the rest of their reply. */
  get waitingBytes(): number {
    return this.#socket.writableLength === 0 ? 0 : this.unreadBytes;
  }

  /** Memory that it takes: chunks are larger than what is in them. */
  get heldBytes(): number {
    const { writableLength } = this.#socket;
    return (this.#chunk?.length ?? 0) + writableLength + (writableLength > 0 ? this.#slackBytes : 0);
  }

  /** Whether the beginning of a reply has been sent and its end has not. */
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
   * Takes one reply, or a part of it. Returns the memory with all of it once it is whole, for a look at it until
   * the next call; nothing when its beginning has been sent already.
   */
  appendFrame(slice: ReplySlice): Buffer | undefined {
    const before = this.#wholeLength;
    const wasInside = this.#isInsideReply;
    this.append(slice);
    return slice.replies === 0 || wasInside ? undefined : this.#chunk?.subarray(before, this.#wholeLength);
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

  /** Forgets all that was not handed over. */
  clear(): void {
    if (this.#chunk !== undefined) buffers.give(this.#chunk);
    this.#chunk = undefined;
    this.#length = this.#wholeLength = 0;
  }

  /** Hands over all whole replies, however much the client has not read. */
  finish(): void {
    this.dropPartial();
    if (this.#chunk !== undefined && this.#length > 0)
      this.#socket.write(this.#chunk.subarray(0, this.#length));
    this.#chunk = undefined;
    this.#length = this.#wholeLength = 0;
  }

  #write(chunk: Buffer, length: number): void {
    const bytes = chunk.subarray(0, length);
    // who reads slowly is not to fill the memory with half-empty chunks
    const isSlow = this.#socket.writableLength > 0;
    this.#socket.write(isSlow ? Buffer.from(bytes) : bytes);
    // the kernel has it all, or it was copied: the memory can be used again
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
