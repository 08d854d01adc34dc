import { setTimeout as delay } from 'node:timers/promises';
import { encodeRequest } from '../resp/encode.ts';
import { ReplyError, type Value } from '../resp/value.ts';
import { readAnswer, type SentinelAnswer } from '../topology/sentinel.ts';
import type { DedicatedTarget, ReplySlice } from '../upstream/reply-target.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { Knock } from './knock.ts';

/** Dependencies of a watch. */
export interface WatchOptions {
  /** The connections to the Sentinel. */
  readonly sentinel: Upstream;
  /** Name of the primary at the Sentinel. */
  readonly primaryName: string;
  /** Called with each answer; undefined while there is none. */
  readonly onAnswer: (answer: SentinelAnswer | undefined) => void;
}

const askEveryMs = 1000;
/** Minimum interval, however many changes are announced. */
const askPauseMs = 50;

/** Polls one Sentinel for the primary, and asks at once when it announces a change. */
export class SentinelWatch implements AsyncDisposable {
  readonly #options: WatchOptions;
  readonly #knock = new Knock();
  readonly #stop = new AbortController();
  readonly #ended: Promise<unknown>;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#ended = Promise.all([this.#askOnAndOn(), this.#listen()]);
  }

  /** Asks soon, because something may have changed. */
  hurry(): void {
    this.#knock.knock();
  }

  async #askOnAndOn(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const answer = await this.#ask().catch(() => undefined);
      if (signal.aborted) return;
      this.#options.onAnswer(answer);
      await pause(askPauseMs, signal);
      await this.#knock.heard(askEveryMs);
    }
  }

  /** @throws CodedError `link-lost` */
  async #ask(): Promise<SentinelAnswer> {
    const { sentinel, primaryName } = this.#options;
    const ask = (...words: string[]) => sentinel.ask(['SENTINEL', ...words, primaryName]).catch(asReply);
    const [address, primary, replicas, sentinels] = await Promise.all([
      ask('GET-MASTER-ADDR-BY-NAME'),
      ask('MASTER'),
      ask('REPLICAS'),
      ask('SENTINELS'),
    ]);
    return readAnswer({ address, primary, replicas, sentinels });
  }

  /** Keeps a subscription open. */
  async #listen(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#subscribe().catch(() => {});
      await pause(askEveryMs, signal);
    }
  }

  /** Resolves when the subscription is lost. */
  async #subscribe(): Promise<void> {
    const { dedicated } = this.#options.sentinel;
    const link = await dedicated.take({ protocol: 2, db: 0 }, this.#stop.signal, Number.POSITIVE_INFINITY);
    const { promise: lost, resolve } = Promise.withResolvers<void>();
    const target: DedicatedTarget = {
      takeReplies: () => {},
      takeLoss: () => {},
      takeUnsolicited: ({ replies }: ReplySlice) => {
        if (replies > 0) this.hurry();
      },
      flush: () => {
        if (link.isLost) resolve();
      },
    };
    link.dedicateTo(target, () => 'message');
    link.sendRaw(encodeRequest(['SUBSCRIBE', '+switch-master']));
    if (link.isLost) resolve();
    await lost;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#knock.knock();
    await this.#options.sentinel.close();
    await this.#ended;
  }
}

/** Turns an error reply of an older Sentinel into a value; a lost link still throws. */
function asReply(error: unknown): Value {
  if (error instanceof ReplyError) return error;
  throw error;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal, ref: false }).catch(() => {});
}
