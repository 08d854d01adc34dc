import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { converse } from './support/converse.ts';
import { DelayingRelay } from './support/delaying-relay.ts';
import { kinds, seeded } from './support/exchanges.ts';
import { bulk } from './support/raw-connection.ts';

/** Requests to several servers of a ring, and all others except the transaction, whose keys must be on one server. */
const placedKinds: typeof kinds = [
  ...kinds.filter((_, index) => index !== 2),
  (mark) => [
    [['MSET', `a:${mark}`, mark, `b:${mark}`, mark, `c:${mark}`, mark], '+OK\r\n'],
    [
      ['MGET', `c:${mark}`, `none:${mark}`, `a:${mark}`, `b:${mark}`],
      new RegExp(`^\\*4\r\n.*${mark}\r\n$`, 's'),
    ],
    [['DEL', `a:${mark}`, `b:${mark}`, `c:${mark}`], ':3\r\n'],
  ],
  (mark) => [
    [['MULTI'], '+OK\r\n'],
    [['SET', mark, mark], '+QUEUED\r\n'],
    [['GET', mark], '+QUEUED\r\n'],
    [['EXEC'], `*2\r\n+OK\r\n${bulk(mark)}`],
  ],
  (mark) => [[['EVAL', 'return KEYS[1]', '1', mark], bulk(mark)]],
];

/** Concurrent clients, each with steps of these kinds, get the replies to their own requests in order. */
async function keepTheirOrder(ambassador: Ambassador, of: typeof kinds): Promise<void> {
  const script = fc.array(fc.nat(of.length - 1), { minLength: 1, maxLength: 20 });
  const clients = fc.array(script, { minLength: 1, maxLength: 12 });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(clients, fc.nat(), async (scripts, seed) => {
      const run = runs++;
      await Promise.all(
        scripts.map((kindsOfSteps, client) => {
          const random = seeded(seed + client);
          const steps = kindsOfSteps.flatMap(
            (kind, index) => of[kind]?.(`${run}:${client}:${index}`, random) ?? [],
          );
          return converse(ambassador.port, steps, random);
        }),
      );
    }),
    { numRuns: 15, endOnFailure: true },
  );
  // health checks take place in between
  await eventually(async () => (await ambassador.metric('redis_ambassador_in_flight')) === 0);
}

type Random = ReturnType<typeof seeded>;

/** A relay in front of a server that delivers bytes in pieces of any size, sometimes late. */
function slowly(redis: RedisServer, [delays, sizes]: readonly [Random, Random]) {
  return DelayingRelay.start(redis.port, () => ({
    bytes: 1 + sizes(3000),
    delayMs: Math.max(0, delays(12) - 8),
  }));
}

describe('replies keep their order', needs(redisServer), () => {
  it('for any pipeline, and any delay of each connection to Redis', async () => {
    await using redis = await RedisServer.start();
    await using relay = await slowly(redis, [seeded(1), seeded(2)]);
    await using ambassador = await Ambassador.start(relay.port, ['--connections', '3', '--timeout', '60s']);
    await keepTheirOrder(ambassador, kinds);
  });

  it('from any servers of a ring, and any delay of each', async () => {
    await using resources = new AsyncDisposableStack();
    const randoms = [seeded(3), seeded(4)] as const;
    const ports: number[] = [];
    for (let server = 0; server < 3; server++) {
      const redis = resources.use(await RedisServer.start());
      ports.push(resources.use(await slowly(redis, randoms)).port);
    }
    const url = `redis-ring://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`;
    const ambassador = resources.use(await Ambassador.start(url, ['--timeout', '60s']));
    await keepTheirOrder(ambassador, placedKinds);
  });
});
