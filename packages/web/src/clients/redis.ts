import { setTimeout as delay } from 'node:timers/promises';
import { FaultLog, type Logger } from '@pod-patterns/kit';
import { Redis } from 'ioredis';
import { Counter, type Registry } from 'prom-client';

/** Why Redis gave no answer: it cannot be reached, did not answer in time, or answered with an error. */
export type RedisFailure = 'away' | 'timeout' | 'refused';

/** Redis did not do what was asked; whether it was done all the same is unknown after a `timeout`. */
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
  /** Of a single command. */
  readonly timeoutMs: number;
  /** Whether to ask on without being asked, so that `onState` is told also when no request comes. */
  readonly isWatched: boolean;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly onState: (failure: RedisUnavailable | undefined) => void;
}

/** How often a Redis that fails is asked whether it is back. */
const probeEveryMs = 1000;

/** A connection to Redis on which every command ends within its deadline, whatever Redis does. */
export class RedisClient implements AsyncDisposable {
  readonly #redis: Redis;
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
      help: 'Redis commands without a useful answer.',
      labelNames: ['reason'],
      registers: [options.metrics],
    });
    this.#faults = new FaultLog(options.log, 'Redis');
    this.#redis = connect(options);
    this.#redis.on('error', (error: Error) => this.#settle(new RedisUnavailable('away', error)));
    this.#probing = setInterval(() => {
      if (this.#failure !== undefined || options.isWatched) void this.#probe();
    }, probeEveryMs).unref();
  }

  /** Connects in the background; waits for the first connection no longer than for a command. */
  static async open(options: RedisOptions): Promise<RedisClient> {
    const client = new RedisClient(options);
    await Promise.race([firstOutcome(client.#redis), delay(options.timeoutMs)]);
    await client.#probe();
    return client;
  }

  /** Undefined while commands succeed. */
  get failure(): RedisUnavailable | undefined {
    return this.#failure;
  }

  /** Runs one command. @throws RedisUnavailable */
  async run<Reply>(command: (redis: Redis) => Promise<Reply>): Promise<Reply> {
    try {
      this.#writeTogether();
      const reply = await command(this.#redis);
      if (this.#failure !== undefined) this.#settle(undefined);
      return reply;
    } catch (error) {
      const failure = classify(error);
      this.#failed.inc({ reason: failure.reason });
      this.#settle(failure);
      throw failure;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#probing);
    // every command has been answered or given up: there is nothing that QUIT would wait for
    this.#redis.disconnect();
  }

  /**
   * What many requests ask in one turn of the loop goes out in one write. Not ioredis' auto-pipelining, which has one
   * batch under way at a time: behind a slow one the others would wait longer than their deadline.
   */
  #writeTogether(): void {
    const { stream } = this.#redis;
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

  /** By EXISTS and not by PING, which an ambassador answers by itself. */
  async #probe(): Promise<void> {
    await this.run((redis) => redis.exists('views')).catch(() => {});
  }
}

function connect({ url, timeoutMs }: RedisOptions): Redis {
  return new Redis(url, {
    connectionName: 'web',
    commandTimeout: timeoutMs,
    connectTimeout: Math.max(timeoutMs, 1000),
    // a connection that has gone silent is dropped, and the commands that wait on it with it
    socketTimeout: Math.max(timeoutMs, 1000) * 2,
    // no queue while there is no connection: a request is told at once
    enableOfflineQueue: false,
    // nothing is sent twice: a view that was counted would be counted again
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // whether Redis is fit to serve is what its answers say; INFO may not be allowed at all
    enableReadyCheck: false,
    retryStrategy: (attempt) => Math.min(1000, 50 * 2 ** attempt) * (0.5 + Math.random() / 2),
  });
}

/**
 * What begins with these words comes in place of an answer: Redis has no data (yet), or a proxy has no Redis. `LOST` is the
 * proxy's whose connection to Redis broke with the command on its way, as it may break here.
 */
const awayWords = /^(?:LOADING|MASTERDOWN|CLUSTERDOWN|LOST) /;

function classify(error: unknown): RedisUnavailable {
  const cause = error instanceof Error ? error : new Error(String(error));
  if (cause.message === 'Command timed out') return new RedisUnavailable('timeout', cause);
  const isAnswer = cause.name === 'ReplyError' && !awayWords.test(cause.message);
  return new RedisUnavailable(isAnswer ? 'refused' : 'away', cause);
}

/** Resolves when it is connected, or is known not to be. */
function firstOutcome(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    redis.once('ready', resolve).once('error', () => resolve());
  });
}
