import { CodedError } from '@pod-patterns/kit';
import { decodeReply } from '../resp/decode.ts';
import { ReplyError, type Value } from '../resp/value.ts';
import type { LinkLoss, ReplySlice, ReplyTarget, SentRun } from './reply-target.ts';

/** A request of the ambassador itself, whose reply it decodes. */
export class ControlRequest implements ReplyTarget {
  readonly value: Promise<Value>;
  readonly #settle: PromiseWithResolvers<Value>;
  readonly #parts: Buffer[] = [];

  constructor() {
    this.#settle = Promise.withResolvers();
    this.value = this.#settle.promise;
  }

  takeReplies({ bytes, start, end, replies }: ReplySlice): void {
    this.#parts.push(Buffer.from(bytes.subarray(start, end)));
    if (replies === 0) return;
    try {
      const value = decodeReply(Buffer.concat(this.#parts));
      if (value instanceof ReplyError) this.#settle.reject(value);
      else this.#settle.resolve(value);
    } catch (error) {
      this.#settle.reject(error);
    }
  }

  takeLoss(_run: SentRun, { detail }: LinkLoss): void {
    this.#settle.reject(new CodedError('link-lost', detail));
  }

  flush(): void {}
}
