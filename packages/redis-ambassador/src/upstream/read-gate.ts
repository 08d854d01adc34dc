import type { Socket } from 'node:net';
import type { ReadTurn } from './read-turn.ts';

/** Takes the first `length` bytes; they are overwritten after the call. */
export type OnBytes = (bytes: Buffer, length: number) => void;

/**
 * A socket and whether it is read from. It stops for two reasons, neither of which undoes the other: its turn of
 * the event loop has read enough, or the one who takes its bytes holds it.
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

  /** Whether the one who takes the bytes wants none now. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Notes a read. False if the socket has to stop; it goes on by itself. */
  passes(bytes: number): boolean {
    if (!this.#isTurnOver) this.#isTurnOver = !this.#turn.allows(bytes, this.#nextTurn);
    return !this.#isTurnOver && !this.#isHeld;
  }

  /** Stops reading, or goes on: what is not read stays with the other end. */
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
