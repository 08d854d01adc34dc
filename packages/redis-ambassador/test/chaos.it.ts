import { setTimeout as delay } from 'node:timers/promises';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { kinds, type Random, seeded } from './support/exchanges.ts';
import { RawConnection, request } from './support/raw-connection.ts';

/** Replies that an outage may cause. */
const failure = /^-(?:LOADING|LOST) redis-ambassador: /;

/** Sends pipelines of all kinds, split anywhere, over one connection until `isOver` or a close. */
async function converse(
  port: number,
  name: string,
  { random, isOver }: { random: Random; isOver: () => boolean },
) {
  using connection = await RawConnection.open(port);
  let right = 0;
  for (let round = 0; !isOver(); round++) {
    const steps = Array.from({ length: 1 + random(6) }, (_, index) => {
      const kind = kinds[random(kinds.length)];
      return kind?.(`${name}:${round}:${index}`, random) ?? [];
    }).flat();
    const bytes = Buffer.concat(steps.map(([words]) => request(...words)));
    const cut = random(bytes.length);
    connection.send(bytes.subarray(0, cut));
    await delay(0);
    connection.send(bytes.subarray(cut));
    for (const [words, expected] of steps) {
      if (expected === undefined) continue;
      const reply = await connection.reply().catch(() => undefined);
      if (reply === undefined && connection.isClosed) return right;
      const isRight = typeof expected === 'string' ? reply === expected : expected.test(reply ?? '');
      if (isRight) right++;
      else if (!failure.test(reply ?? ''))
        throw new Error(`${words.join(' ').slice(0, 80)} got ${JSON.stringify(reply)}`);
    }
    if (connection.frames.length > 0) throw new Error(`a reply without a request: ${connection.frames[0]}`);
  }
  return right;
}

describe('chaos', needs(redisServer), () => {
  it('causes no wrong reply: each is correct or an error, for any request while connections break', async () => {
    const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);
    console.log(`CHAOS_SEED=${seed}`);
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port);
    let isOver = false;
    let lives = 0;
    const clients = Array.from({ length: 20 }, async (_, index) => {
      const random = seeded(seed + index);
      let right = 0;
      while (!isOver)
        right += await converse(ambassador.port, `${index}-${lives++}`, { random, isOver: () => isOver });
      return right;
    });
    using direct = await RawConnection.open(redis.port);
    for (let outage = 0; outage < 8; outage++) {
      await delay(400);
      await direct.ask('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await direct.ask('CLIENT', 'KILL', 'TYPE', 'pubsub');
    }
    isOver = true;
    for (const right of await Promise.all(clients)) expect(right).toBeGreaterThan(0);
    expect(await ambassador.metric('redis_ambassador_in_flight')).toBe(0);
  });
});
