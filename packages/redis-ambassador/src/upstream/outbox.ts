import type { Writable } from 'node:stream';
import { buffers } from '../policy/buffer-pool.ts';

const chunkBytes = 64 * 1024;

/** A buffer that holds requests until they are answered. */
export interface Chunk {
  readonly bytes: Buffer;
  used: number;
  /** Number of bytes handed to the socket. */
  written: number;
  /** Number of pending runs in it. */
  runs: number;
}

/**
 * Outgoing requests of a link. They are copied in once and stay until they are answered, so they can be sent
 * again when the link is lost, and their memory is never reused while the socket needs it.
 */
export class Outbox {
  /** Held memory in bytes. */
  heldBytes = chunkBytes;
  #chunk: Chunk = newChunk(chunkBytes);
  #full: Chunk[] = [];

  /** Copies the bytes from `start` to `end`; they are the last ones of the returned chunk. */
  append(bytes: Buffer, start: number, end: number): Chunk {
    const size = end - start;
    if (this.#chunk.used + size > this.#chunk.bytes.length) this.#next(size);
    const chunk = this.#chunk;
    bytes.copy(chunk.bytes, chunk.used, start, end);
    chunk.used += size;
    chunk.runs++;
    return chunk;
  }

  /** Releases an answered run of this chunk. */
  release(chunk: Chunk): void {
    if (--chunk.runs > 0) return;
    if (chunk !== this.#chunk) this.#giveBack(chunk);
    else if (chunk.bytes.length === chunkBytes) chunk.used = chunk.written = 0;
    else this.#next(0);
  }

  /** Hands all new bytes to the socket; returns their number. */
  writeTo(socket: Writable): number {
    let bytes = 0;
    if (this.#full.length > 0) {
      socket.cork();
      for (const chunk of this.#full) bytes += write(chunk, socket);
      this.#full = [];
      bytes += write(this.#chunk, socket);
      socket.uncork();
    } else bytes = write(this.#chunk, socket);
    return bytes;
  }

  #next(size: number): void {
    const before = this.#chunk;
    if (before.runs === 0) this.#giveBack(before);
    else if (before.written < before.used) this.#full.push(before);
    this.#chunk = newChunk(Math.max(size, chunkBytes));
    this.heldBytes += this.#chunk.bytes.length;
  }

  #giveBack(chunk: Chunk): void {
    this.heldBytes -= chunk.bytes.length;
    buffers.give(chunk.bytes);
  }
}

function write(chunk: Chunk, socket: Writable): number {
  const { written, used } = chunk;
  if (written === used) return 0;
  chunk.written = used;
  socket.write(chunk.bytes.subarray(written, used));
  return used - written;
}

function newChunk(size: number): Chunk {
  return { bytes: buffers.take(size), used: 0, written: 0, runs: 0 };
}
