import { setTimeout as delay } from 'node:timers/promises';
import { FaultLog, type Logger } from '@pod-patterns/kit';
import type { Redis } from 'ioredis';
import { Counter, type Registry } from 'prom-client';
import { ask, isLoading, RedisConnection } from './redis-connection.ts';

/** Why Redis gave no answer: it cannot be reached, did not answer in time, or answered with an error. */
export type RedisFailure = 'away' | 'timeout' | 'refused';

/** Redis did not carry out a command; after a `timeout` this is unknown. */
export class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable';
  readonly reason: RedisFailure;

  constructor(reason: RedisFailure, cause: Error) {
    super(`Redis ${reason}: ${cause.message}`, { cause });
    this.reason = reason;
  }
}

export interface RedisOptions {
  readonly url: string;
  /** Of a command, the wait for a connection included. */
  readonly timeoutMs: number;
  /** Commands that may wait for a connection at a time: as many as there may be requests. */
  readonly maxWaiting: number;
  /** Whether to ask on without being asked, so that `onState` is told also when no request comes. */
  readonly isWatched: boolean;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly onState: (failure: RedisUnavailable | undefined) => void;
}

/** How often a Redis that fails is asked whether it is back. */
const probeEveryMs = 1000;

/**
 * Commands to Redis, each of which ends within its deadline, whatever Redis does. One that cannot be sent yet waits for
 * a connection; one that was on its way when the connection broke fails, as it may have been carried out.
 */
export class RedisClient implements AsyncDisposable {
  readonly #connection: RedisConnection;
  readonly #options: RedisOptions;
  readonly #failed: Counter<'reason'>;
  readonly #faults: FaultLog;
  readonly #probing: NodeJS.Timeout;
  #failure: RedisUnavailable | undefined;
  #corked: Redis['stream'] | undefined;

  private constructor(options: RedisOptions) {
    this.#options = options;
    this.#failed = new Counter({
      name: 'web_redis_errors_total',
      help: 'Redis commands that failed.',
      labelNames: ['reason'],
      registers: [options.metrics],
    });
    this.#faults = new FaultLog(options.log, 'Redis');
    this.#connection = new RedisConnection({
      ...options,
      onAway: (reason) => this.#settle(new RedisUnavailable('away', reason)),
    });
    this.#probing = setInterval(() => {
      if (this.#failure !== undefined || options.isWatched) void this.#probe();
    }, probeEveryMs).unref();
  }

  /** Connects in the background; waits for the first connection no longer than for a command. */
  static async open(options: RedisOptions): Promise<RedisClient> {
    const client = new RedisClient(options);
    await Promise.race([firstOutcome(client.#connection.redis), delay(options.timeoutMs)]);
    await client.#probe();
    return client;
  }

  /** When a command that is run now has to have ended, as `performance.now()` counts. */
  deadline(): number {
    return performance.now() + this.#options.timeoutMs;
  }

  /** Runs one command; several that make one answer are given one deadline. @throws RedisUnavailable */
  async run<Reply>(command: (redis: Redis) => Promise<Reply>, deadline?: number): Promise<Reply> {
    const startedAt = performance.now();
    try {
      return await this.#attempt(command, deadline);
    } catch (error) {
      if (!(error instanceof Error && isLoading(error))) throw this.#fail(error);
      // it was not carried out: sent again once Redis has its data
      this.#connection.noteLoading(error);
      return this.run(command, deadline ?? startedAt + this.#options.timeoutMs);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#probing);
    // every command has been answered or given up: there is nothing that QUIT would wait for
    this.#connection[Symbol.dispose]();
  }

  async #attempt<Reply>(command: (redis: Redis) => Promise<Reply>, deadline?: number): Promise<Reply> {
    const reply = await this.#send(command, this.#connection.isUp ? deadline : await this.#wait(deadline));
    if (this.#failure !== undefined) this.#settle(undefined);
    return reply;
  }

  /** Resolves with the deadline by which the reply has to be there. */
  async #wait(deadline = this.deadline()): Promise<number> {
    if (!(await this.#connection.wait(deadline))) throw this.#away();
    return deadline;
  }

  #away(): RedisUnavailable {
    return new RedisUnavailable('away', this.#connection.reason);
  }

  /** Without a deadline ioredis' own holds, which begins now. */
  #send<Reply>(command: (redis: Redis) => Promise<Reply>, deadline: number | undefined): Promise<Reply> {
    if (deadline !== undefined && performance.now() >= deadline) throw noTimeLeft();
    this.#writeTogether();
    const reply = command(this.#connection.redis);
    return deadline === undefined ? reply : by(deadline, reply);
  }

  #fail(error: unknown): RedisUnavailable {
    const failure = classify(error);
    this.#failed.inc({ reason: failure.reason });
    this.#settle(failure);
    return failure;
  }

  /**
   * Sends the commands of one turn of the loop in one write. Not ioredis' auto-pipelining, which has one
   * batch under way at a time: behind a slow one the others would wait longer than their deadline.
   */
  #writeTogether(): void {
    const { stream } = this.#connection.redis;
    if (this.#corked === stream || stream === undefined) return;
    this.#corked = stream;
    stream.cork();
    setImmediate(() => {
      this.#corked = undefined;
      stream.uncork();
    });
  }

  #settle(failure: RedisUnavailable | undefined): void {
    if (failure === undefined) this.#faults.recovered();
    else this.#faults.failed(failure.message);
    const isChange = (failure === undefined) !== (this.#failure === undefined);
    this.#failure = failure;
    if (isChange) this.#options.onState(failure);
  }

  /** Tells how it is now: waits for no connection. */
  async #probe(): Promise<void> {
    if (!this.#connection.isUp) this.#fail(this.#away());
    else await this.#attempt(ask).catch((error) => this.#fail(error));
  }
}

/**
 * Errors with these words replace an answer: Redis has no data (yet), or a proxy has no Redis. `LOST` is the
 * proxy's whose connection to Redis broke with the command on its way, as it may break here.
 */
const awayWords = /^(?:LOADING|MASTERDOWN|CLUSTERDOWN|LOST) /;

function classify(error: unknown): RedisUnavailable {
  if (error instanceof RedisUnavailable) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  if (cause.message === 'Command timed out') return new RedisUnavailable('timeout', cause);
  const isAnswer = cause.name === 'ReplyError' && !awayWords.test(cause.message);
  return new RedisUnavailable(isAnswer ? 'refused' : 'away', cause);
}

/** @throws RedisUnavailable at the deadline */
async function by<Reply>(deadline: number, reply: Promise<Reply>): Promise<Reply> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(noTimeLeft()), Math.ceil(deadline - performance.now()));
  return Promise.race([reply, late]).finally(() => clearTimeout(timer));
}

function noTimeLeft(): RedisUnavailable {
  return new RedisUnavailable('timeout', new Error('Command timed out'));
}

/** Resolves when it is connected, or is known not to be. */
function firstOutcome(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    redis.once('ready', resolve).once('error', () => resolve());
  });
}
