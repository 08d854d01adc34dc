import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { DelayingRelay } from './support/delaying-relay.ts';
import { kinds, type Random, type Step, seeded } from './support/exchanges.ts';
import { RawConnection, request } from './support/raw-connection.ts';

/** Sends all steps, cut into pieces anywhere, and reads the replies to them. */
async function converse(port: number, steps: readonly Step[], random: Random): Promise<void> {
  using connection = await RawConnection.open(port);
  const bytes = Buffer.concat(steps.map(([words]) => request(...words)));
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random(random(2) === 0 ? 40 : 20_000);
    connection.send(bytes.subarray(at, at + size));
    at += size;
    await new Promise(setImmediate);
  }
  for (const [words, expected] of steps) {
    if (expected === undefined) continue;
    const reply = await connection.reply();
    const what = `the reply to ${words.join(' ').slice(0, 80)}`;
    if (typeof expected === 'string') expect(reply, what).toBe(expected);
    else expect(reply, what).toMatch(expected);
  }
  expect(connection.frames).toEqual([]);
}

describe('replies keep their order', needs(redisServer), () => {
  it('whatever is asked in one pipeline, and however long each connection to Redis takes', async () => {
    await using redis = await RedisServer.start();
    const [delays, sizes] = [seeded(1), seeded(2)];
    await using relay = await DelayingRelay.start(redis.port, () => ({
      bytes: 1 + sizes(3000),
      delayMs: Math.max(0, delays(12) - 8),
    }));
    await using ambassador = await Ambassador.start(relay.port, ['--connections', '3', '--timeout', '60s']);
    const clients = fc.array(fc.array(fc.nat(kinds.length - 1), { minLength: 1, maxLength: 20 }), {
      minLength: 1,
      maxLength: 12,
    });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(clients, fc.nat(), async (scripts, seed) => {
        const run = runs++;
        await Promise.all(
          scripts.map((script, client) => {
            const random = seeded(seed + client);
            const steps = script.flatMap(
              (kind, index) => kinds[kind]?.(`${run}:${client}:${index}`, random) ?? [],
            );
            return converse(ambassador.port, steps, random);
          }),
        );
      }),
      { numRuns: 15, endOnFailure: true },
    );
    // health checks are under way now and then
    await eventually(async () => (await ambassador.metric('redis_ambassador_in_flight')) === 0);
  });
});
