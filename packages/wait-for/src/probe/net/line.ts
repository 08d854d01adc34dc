import type { Socket } from 'node:net';
import type { Attempt } from '../attempt.ts';
import { type Failure, failure } from '../outcome.ts';
import type { Connected } from './connect.ts';
import { peerFailure } from './peer-failure.ts';

/** A greeting or an answer of any protocol here is far shorter. */
const maxAnswerBytes = 64 * 1024;

/** Message of a server, or the reason why there is none. */
export type Said<Value> = { readonly ok: true; readonly value: Value } | Failure;

/** A message off the front of what has arrived: undefined while it is not complete, a string when it cannot be one. */
export type Taken<Value> = { readonly value: Value; readonly length: number } | string | undefined;

/** A conversation with a server over a connection, one message at a time. Disposing of it hangs up. */
export class Line implements Disposable {
  readonly address: string;
  readonly #socket: Socket;
  readonly #attempt: Attempt;
  #received: Buffer = Buffer.alloc(0);
  #end: Failure | undefined;
  #look: () => void = () => {};
  #reject: (fault: unknown) => void = () => {};

  constructor({ socket, address }: Connected, attempt: Attempt) {
    this.address = address;
    this.#socket = socket;
    this.#attempt = attempt;
    const closed = failure('reset', `${address} closed the connection without an answer`);
    socket.on('data', this.#hear);
    socket.on('error', (error) => this.#fail(error));
    socket.on('end', () => this.#hangUp(closed));
    socket.on('close', () => this.#hangUp(attempt.signal.aborted ? attempt.interrupted() : closed));
    if (socket.destroyed) this.#hangUp(closed);
  }

  readonly #hear = (chunk: Buffer) => {
    this.#received = Buffer.concat([this.#received, chunk]);
    this.#look();
  };

  #hangUp(why: Failure): void {
    this.#end ??= why;
    this.#look();
  }

  #fail(error: unknown): void {
    try {
      this.#hangUp(peerFailure(error, this.address));
    } catch (fault) {
      this.#reject(fault);
    }
  }

  /** Stops listening, so that another protocol can begin on the same connection. */
  leave(): void {
    this.#socket.off('data', this.#hear);
  }

  send(bytes: Uint8Array | string): void {
    this.#socket.write(bytes);
  }

  /** Resolves with the next message; `what` names it in "no … from ADDRESS". */
  next<Value>(what: string, take: (received: Buffer) => Taken<Value>): Promise<Said<Value>> {
    this.#attempt.waitFor('timeout', `connected to ${this.address}, but no ${what}`);
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      this.#look = () => {
        try {
          const said = this.#take(what, take);
          if (said === undefined) return;
          this.#look = () => {};
          resolve(said);
        } catch (fault) {
          reject(fault);
        }
      };
      this.#look();
    });
  }

  #take<Value>(what: string, take: (received: Buffer) => Taken<Value>): Said<Value> | undefined {
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
