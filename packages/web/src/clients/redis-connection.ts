import { Redis } from 'ioredis';

export interface ConnectionOptions {
  readonly url: string;
  /** Of a command, and of a handshake. */
  readonly timeoutMs: number;
  /** Commands that may wait for a connection at a time. */
  readonly maxWaiting: number;
  /** Called at once when the connection breaks, and again after every failed attempt. */
  readonly onAway: (reason: Error) => void;
}

/**
 * A Redis that was there less than this many deadlines ago is being restarted, and a command waits for it. One that is
 * away for longer would only have all requests held open for a deadline each.
 */
const patience = 3;

/** Whether it is likely that a connection comes within a command's deadline. */
export function isExpectedBack({ awayMs, timeoutMs }: { awayMs: number; timeoutMs: number }): boolean {
  return awayMs < patience * timeoutMs;
}

/** Before a Redis that has no data yet is asked again. */
const askAgainMs = 100;

/** Before a try to connect: a tenth of a second at most while commands wait for it, up to a second later. */
export function retryDelayMs(attempt: number, isAwaited: boolean): number {
  return Math.min(isAwaited ? 100 : 1000, 25 * 2 ** attempt);
}

/**
 * The connection to Redis, made again by itself, and the means to wait for it. ioredis' own offline queue is of no use:
 * it sends its queued commands once connected, even those that have timed out.
 */
export class RedisConnection implements Disposable {
  readonly redis: Redis;
  readonly #options: ConnectionOptions;
  readonly #waiting = new Set<() => void>();
  /** Undefined while there is a connection; one that never was is not waited for. */
  #lostAt: number | undefined = Number.NEGATIVE_INFINITY;
  #reason: Error | undefined;
  /** While Redis is there and has no data yet: when to ask it again. */
  #loading: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.redis = connect(options, (attempt) => {
      return retryDelayMs(attempt, this.#isExpectedBack) * (0.75 + Math.random() / 4);
    });
    this.redis.on('error', this.#onError).on('close', this.#onClose).on('ready', this.#onReady);
  }

  /** Whether a command would be sent now. */
  get isUp(): boolean {
    // between the end of a stream and its close ioredis still says that it is ready
    return this.redis.status === 'ready' && this.redis.stream.writable && this.#loading === undefined;
  }

  /** Why there is no connection. */
  get reason(): Error {
    return this.#reason ?? new Error('no connection yet');
  }

  /** Resolves with whether there is a connection: once there is, at the deadline, or at once where none is expected. */
  async wait(deadline: number): Promise<boolean> {
    // also a client that hung up leaves a command here, so there may be more than requests
    while (this.#isExpectedBack && this.#waiting.size < this.#options.maxWaiting) {
      // woken late, by a process that stood still, it is not sent either
      if (performance.now() >= deadline) return false;
      if (this.isUp) return true;
      await this.#next(deadline);
    }
    return false;
  }

  /** Redis has said that it has no data yet, and has done nothing: it counts as away until it has them. */
  noteLoading(reason: Error): void {
    if (this.#loading !== undefined) return;
    this.#lose(reason);
    this.#askLater();
  }

  [Symbol.dispose](): void {
    this.#endLoading();
    this.redis.off('close', this.#onClose);
    this.#lostAt = Number.NEGATIVE_INFINITY;
    this.redis.disconnect();
    this.#wake();
  }

  get #isExpectedBack(): boolean {
    const awayMs = this.#lostAt === undefined ? 0 : performance.now() - this.#lostAt;
    return isExpectedBack({ awayMs, timeoutMs: this.#options.timeoutMs });
  }

  /** Until there is a connection again, or the deadline. */
  #next(deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, Math.ceil(deadline - performance.now()));
      this.#waiting.add(end);
    });
  }

  #wake(): void {
    for (const end of this.#waiting) end();
  }

  #askLater(): void {
    this.#loading = setTimeout(() => ask(this.redis).then(this.#onReady, this.#onAnswer), askAgainMs);
  }

  /** A connection that has gone meanwhile is told of by itself. */
  readonly #onAnswer = (error: Error) => {
    if (this.#loading === undefined || this.redis.status !== 'ready') return;
    if (isLoading(error)) this.#askLater();
    else this.#onReady();
  };

  #endLoading(): void {
    clearTimeout(this.#loading);
    this.#loading = undefined;
  }

  #lose(reason: Error): void {
    this.#lostAt ??= performance.now();
    this.#reason = reason;
    this.#options.onAway(reason);
  }

  readonly #onReady = () => {
    this.#endLoading();
    this.#lostAt = undefined;
    this.#reason = undefined;
    this.#wake();
  };

  readonly #onError = (error: Error) => {
    this.#reason = error;
    this.#options.onAway(error);
  };

  /** Also of a connection that never came to be, which is an error before. */
  readonly #onClose = () => {
    this.#endLoading();
    if (this.#lostAt === undefined) this.#lose(this.#reason ?? new Error('the connection was closed'));
  };
}

/** Asks whether Redis is there: by EXISTS and not by PING, which a proxy answers by itself. */
export function ask(redis: Redis): Promise<unknown> {
  return redis.exists('views');
}

/** Whether Redis itself says so: a proxy whose server is loading waits for it as it sees fit. */
export function isLoading({ name, message }: Error): boolean {
  return name === 'ReplyError' && /^LOADING \w+ is loading the dataset/.test(message);
}

function connect({ url, timeoutMs }: ConnectionOptions, retryStrategy: (attempt: number) => number): Redis {
  return new Redis(url, {
    connectionName: 'web',
    commandTimeout: timeoutMs,
    connectTimeout: Math.max(timeoutMs, 1000),
    // a connection that has gone silent is dropped, and the commands that wait on it with it
    socketTimeout: Math.max(timeoutMs, 1000) * 2,
    enableOfflineQueue: false,
    // nothing is sent twice: a view that was counted would be counted again
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // the answers of Redis show whether it can serve; INFO may be forbidden
    enableReadyCheck: false,
    retryStrategy,
  });
}
