import type { Socket } from 'node:net';
import type { Attempt } from '../attempt.ts';
import { type Failure, failure } from '../outcome.ts';
import { systemFailure } from '../system-failure.ts';
import type { Connected } from './connect.ts';

/** A greeting or an answer of any protocol here is far shorter. */
const maxAnswerBytes = 64 * 1024;

/** What a server said, or why it said nothing that could be understood. */
export type Said<Value> = { readonly ok: true; readonly value: Value } | Failure;

/**
 * Takes one message off the front of what has arrived: undefined while it is not complete, a string when it
 * cannot be such a message.
 */
export type Take<Value> = (
  received: Buffer,
) => { readonly value: Value; readonly length: number } | string | undefined;

/** A conversation with a server over a connection, one message at a time. Disposing of it hangs up. */
export class Line implements Disposable {
  readonly address: string;
  readonly #socket: Socket;
  readonly #attempt: Attempt;
  #received: Buffer = Buffer.alloc(0);
  #end: Failure | undefined;
  #look: () => void = () => {};

  constructor({ socket, address }: Connected, attempt: Attempt) {
    this.address = address;
    this.#socket = socket;
    this.#attempt = attempt;
    socket.on('data', this.#hear);
    socket.on('error', (error) => this.#hangUp(systemFailure(error, address)));
    socket.on('end', () =>
      this.#hangUp(failure('reset', `${address} closed the connection without an answer`)),
    );
    socket.on('close', () => this.#hangUp(attempt.interrupted()));
  }

  readonly #hear = (chunk: Buffer) => {
    this.#received = Buffer.concat([this.#received, chunk]);
    this.#look();
  };

  #hangUp(fault: Failure): void {
    this.#end ??= fault;
    this.#look();
  }

  /** Stops listening, so that another protocol can begin on the same connection. */
  leave(): void {
    this.#socket.off('data', this.#hear);
  }

  send(bytes: Uint8Array | string): void {
    this.#socket.write(bytes);
  }

  /** Resolves with the next message; `what` completes "no … from ADDRESS". */
  next<Value>(what: string, take: Take<Value>): Promise<Said<Value>> {
    this.#attempt.waitFor('timeout', `connected to ${this.address}, but no ${what}`);
    return new Promise((resolve) => {
      this.#look = () => {
        const said = this.#take(what, take);
        if (said === undefined) return;
        this.#look = () => {};
        resolve(said);
      };
      this.#look();
    });
  }

  #take<Value>(what: string, take: Take<Value>): Said<Value> | undefined {
    const taken = this.#received.length === 0 ? undefined : take(this.#received);
    if (typeof taken === 'string') return failure('mismatch', `${this.address}: ${taken}`);
    if (taken !== undefined) {
      this.#received = this.#received.subarray(taken.length);
      return { ok: true, value: taken.value };
    }
    if (this.#received.length > maxAnswerBytes) {
      return failure('mismatch', `${this.address}: the ${what} does not end`);
    }
    return this.#end;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
