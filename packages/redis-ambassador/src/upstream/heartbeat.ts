import { randomBytes } from 'node:crypto';
import { byteAt, LF, MINUS } from '../resp/bytes.ts';
import { encodeRequest } from '../resp/encode.ts';

/** Form of the answer to PING: a usual reply, or among the messages of a subscription in RESP2. */
export type PongForm = 'reply' | 'message';

/** Silence of a dedicated connection before a PING: networks cut idle connections after 10 s and more. */
export const pingAfterMs = 8000;

/** Times of a heartbeat. */
export interface HeartbeatOptions {
  /** Silence before a PING. */
  readonly pingAfterMs: number;
  /** Time limit for the answer. */
  readonly timeoutMs: number;
}

/** Times by the monotonic clock, in milliseconds. */
interface Silence {
  readonly now: number;
  readonly heardAt: number;
  readonly isHeld: boolean;
}

/**
 * Sends PING to a silent server, and removes the answer from the received bytes, wherever they are split:
 * the client did not ask for it. Its argument cannot be guessed, so no reply to the client is mistaken for it.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #askedAt = Number.NEGATIVE_INFINITY;
  #answer: Buffer | undefined;
  /** Received bytes of the answer. */
  #matched = 0;
  #isError = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  get isAwaited(): boolean {
    return this.#answer !== undefined;
  }

  /** Returns the due action for a server last heard at `heardAt`; nothing while the connection is not read. */
  due({ now, heardAt, isHeld }: Silence): 'ask' | 'lose' | undefined {
    const { pingAfterMs, timeoutMs } = this.#options;
    if (isHeld) {
      this.#askedAt = now;
      return undefined;
    }
    const isUnanswered = this.isAwaited && heardAt <= this.#askedAt;
    if (isUnanswered) return now - this.#askedAt > timeoutMs ? 'lose' : undefined;
    return now - Math.max(heardAt, this.#askedAt) >= pingAfterMs ? 'ask' : undefined;
  }

  /** Makes the request; its answer is expected from now on. */
  ask(form: PongForm, now: number): Buffer {
    const token = randomBytes(16).toString('hex');
    const bulk = `$${token.length}\r\n${token}\r\n`;
    this.#answer = Buffer.from(form === 'message' ? `*2\r\n$4\r\npong\r\n${bulk}` : bulk);
    this.#askedAt = now;
    return encodeRequest(['PING', token]);
  }

  /**
   * Takes the answer, or a part of it, from the beginning of a reply at `start`; returns its end. `start` itself
   * means another reply, which begins with the bytes that `release` returns.
   */
  take(bytes: Buffer, start: number, end: number): number {
    if (this.#answer === undefined) return start;
    // nothing else was pending at the PING, so an error (NOPERM, BUSY, LOADING) is its answer too
    if (this.#isError || (this.#matched === 0 && byteAt(bytes, start) === MINUS)) {
      return this.#takeError(bytes, start, end);
    }
    const before = this.#matched;
    let at = start;
    while (at < end && byteAt(bytes, at) === this.#answer[this.#matched]) {
      at++;
      if (++this.#matched === this.#answer.length) return this.#over(at);
    }
    if (at === end) return end;
    this.#matched = before;
    return start;
  }

  /** Returns the bytes that were taken as the beginning of the answer. */
  release(): Buffer | undefined {
    const held = this.#matched === 0 ? undefined : this.#answer?.subarray(0, this.#matched);
    this.#matched = 0;
    return held;
  }

  #takeError(bytes: Buffer, start: number, end: number): number {
    const lineEnd = bytes.indexOf(LF, start);
    this.#isError = lineEnd < 0 || lineEnd >= end;
    return this.#isError ? end : this.#over(lineEnd + 1);
  }

  #over(end: number): number {
    this.#answer = undefined;
    this.#matched = 0;
    return end;
  }
}
