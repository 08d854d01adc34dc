import type { Socket } from 'node:net';
import type { ReadTurn } from './read-turn.ts';

/** Takes the first `length` bytes; they are overwritten after the call. */
export type OnBytes = (bytes: Buffer, length: number) => void;

/**
 * Pauses and resumes reading from a socket. There are two independent reasons to pause: its turn of
 * the event loop has read enough, or the consumer holds it.
 */
export class ReadGate {
  readonly socket: Socket;
  readonly #turn: ReadTurn;
  #isTurnOver = false;
  #isHeld = false;

  constructor(socket: Socket, turn: ReadTurn) {
    this.socket = socket;
    this.#turn = turn;
  }

  /** Whether the consumer wants no bytes now. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Counts a read. False if the socket must pause; it resumes by itself. */
  passes(bytes: number): boolean {
    if (!this.#isTurnOver) this.#isTurnOver = !this.#turn.allows(bytes, this.#nextTurn);
    return !this.#isTurnOver && !this.#isHeld;
  }

  /** Pauses or resumes reading; unread bytes stay with the other end. */
  hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    if (isHeld) this.socket.pause();
    else this.#goOn();
  }

  readonly #nextTurn = (): void => {
    this.#isTurnOver = false;
    this.#goOn();
  };

  #goOn(): void {
    if (!this.#isTurnOver && !this.#isHeld) this.socket.resume();
  }
}
