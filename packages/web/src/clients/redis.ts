import { setTimeout as delay } from 'node:timers/promises';
import { FaultLog, type Logger } from '@pod-patterns/kit';
import { Redis } from 'ioredis';
import { Counter, type Registry } from 'prom-client';

/** Why Redis gave no answer: no connection, none in time, or an error in place of one. */
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

/** A connection to Redis on which every command ends within its deadline, whatever Redis does. */
export interface RedisClient extends AsyncDisposable {
  /** Runs one command. @throws RedisUnavailable */
  run<Reply>(command: (redis: Redis) => Promise<Reply>): Promise<Reply>;
  /** Undefined while commands succeed. */
  readonly failure: RedisUnavailable | undefined;
}

/** How often a Redis that fails is asked whether it is back. */
const probeEveryMs = 1000;

/** Connects in the background; waits for the first connection no longer than for a command. */
export async function openRedis(options: RedisOptions): Promise<RedisClient> {
  const { timeoutMs, log, metrics, onState, isWatched } = options;
  const failed = new Counter({
    name: 'web_redis_errors_total',
    help: 'Redis commands without a useful answer.',
    labelNames: ['reason'],
    registers: [metrics],
  });
  const faults = new FaultLog(log, 'Redis');
  const redis = connect(options);
  let failure: RedisUnavailable | undefined;
  const settle = (outcome: RedisUnavailable | undefined) => {
    if (outcome === undefined) faults.recovered();
    else faults.failed(outcome.message);
    const isChange = (outcome === undefined) !== (failure === undefined);
    failure = outcome;
    if (isChange) onState(outcome);
  };
  redis.on('error', (error: Error) => settle(new RedisUnavailable('away', error)));
  const run: RedisClient['run'] = async (command) => {
    try {
      const reply = await command(redis);
      if (failure !== undefined) settle(undefined);
      return reply;
    } catch (error) {
      const outcome = classify(error);
      failed.inc({ reason: outcome.reason });
      settle(outcome);
      throw outcome;
    }
  };
  // EXISTS and not PING, which an ambassador answers by itself
  const probe = () => run((client) => client.exists('views')).catch(() => {});
  const probing = setInterval(() => {
    if (failure !== undefined || isWatched) void probe();
  }, probeEveryMs).unref();
  await Promise.race([once(redis), delay(timeoutMs)]);
  await probe();
  return {
    run,
    get failure() {
      return failure;
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(probing);
      // every command has been answered or given up: there is nothing that QUIT would wait for
      redis.disconnect();
    },
  };
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

function classify(error: unknown): RedisUnavailable {
  const cause = error instanceof Error ? error : new Error(String(error));
  if (cause.message === 'Command timed out') return new RedisUnavailable('timeout', cause);
  return new RedisUnavailable(cause.name === 'ReplyError' ? 'refused' : 'away', cause);
}

function once(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    redis.once('ready', resolve).once('error', () => resolve());
  });
}
