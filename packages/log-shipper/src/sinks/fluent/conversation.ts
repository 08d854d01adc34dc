import type { Socket } from 'node:net';
import { decodeMultiStream } from '@msgpack/msgpack';
import { Closed } from '../over-tcp/open-connection.ts';

/** Answers are short: a longer one is invalid. */
const limits = {
  maxStrLength: 4096,
  maxBinLength: 4096,
  maxArrayLength: 64,
  maxMapLength: 64,
  maxExtLength: 64,
};

/** A connection on which both sides send msgpack, one message after the other. */
export class Conversation {
  readonly #socket: Socket;
  readonly #messages: AsyncGenerator<unknown, void, void>;
  /** Always pending, so that a receiver that closes an idle connection is noticed. */
  #coming: Promise<IteratorResult<unknown, void>>;
  #isOver = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#messages = decodeMultiStream<undefined>(socket, limits);
    this.#coming = this.#listen();
  }

  /** Whether the connection is open, as far as is known. */
  get isOpen(): boolean {
    return !this.#isOver;
  }

  send(...pieces: readonly Uint8Array[]): void {
    this.#socket.cork();
    for (const piece of pieces) this.#socket.write(piece);
    this.#socket.uncork();
  }

  /** The next message. @throws if the connection ends or breaks, or if the bytes are not msgpack */
  async next(): Promise<unknown> {
    const { done, value } = await this.#coming;
    if (done === true) throw this.#socket.errored ?? new Closed();
    this.#coming = this.#listen();
    return value;
  }

  end(reason?: Error): void {
    this.#isOver = true;
    this.#socket.destroy(reason);
  }

  #listen(): Promise<IteratorResult<unknown, void>> {
    const coming = this.#messages.next();
    const over = () => {
      this.#isOver = true;
    };
    coming.then(({ done }) => {
      if (done === true) over();
    }, over);
    return coming;
  }
}
