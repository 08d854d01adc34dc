import { setTimeout as delay } from 'node:timers/promises';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RawConnection, request } from './support/raw-connection.ts';

/** Numbers from 0 up to `below`, the same ones for the same seed. */
type Random = (below: number) => number;

function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state % below;
  };
}

/** A request and what its reply must look like when nothing fails; no reply is expected where there is none. */
type Step = readonly [words: readonly string[], reply?: string | RegExp];

const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;

/** Requests of every kind, whose replies name them. */
const kinds: ReadonlyArray<(mark: string, random: Random) => readonly Step[]> = [
  (mark) => [[['ECHO', mark], bulk(mark)]],
  (mark, random) => {
    const value = mark + 'x'.repeat(random(3) === 0 ? random(200_000) : random(50));
    return [
      [['SET', `key:${mark}`, value], '+OK\r\n'],
      [['GET', `key:${mark}`], new RegExp(`^\\$${value.length}\r\n${mark}x*\r\n$|^\\$-1|^_`)],
    ];
  },
  (mark) => [
    [['MULTI'], '+OK\r\n'],
    [['ECHO', mark], '+QUEUED\r\n'],
    [['SET', 'any', mark], '+QUEUED\r\n'],
    [['EXEC'], `*2\r\n${bulk(mark)}+OK\r\n`],
  ],
  (mark) => [
    [['WATCH', mark], '+OK\r\n'],
    [['UNWATCH'], '+OK\r\n'],
  ],
  (mark) => [[['BLPOP', `none:${mark}`, '0.01'], /^\*-1|^_/]],
  (mark) => [
    [['RPUSH', `queue:${mark}`, mark], ':1\r\n'],
    [['BLPOP', `queue:${mark}`, '0.5'], new RegExp(`^\\*-1|^_|\r\n${mark}\r\n$`)],
  ],
  (_, random) => [[['SELECT', String(random(3))], '+OK\r\n']],
  (_, random) => [[['HELLO', String(2 + random(2))], /^[*%]/]],
  (mark) => [
    [['CLIENT', 'SETNAME', mark], '+OK\r\n'],
    [['CLIENT', 'GETNAME'], bulk(mark)],
  ],
  (mark) => [[['CLIENT', 'REPLY', 'SKIP']], [['ECHO', mark]]],
  (mark) => [
    [['SUBSCRIBE', mark], new RegExp(`^[*>]3\r\n\\$9\r\nsubscribe\r\n.*${mark}\r\n:1\r\n$`, 's')],
    [['UNSUBSCRIBE', mark], new RegExp(`^[*>]3\r\n\\$11\r\nunsubscribe\r\n.*${mark}\r\n:0\r\n$`, 's')],
  ],
];

/** What an outage may make of a reply. */
const failure = /^-(?:LOADING|LOST) redis-ambassador: /;

/** One connection: pipelines of all kinds, cut anywhere, until it is over or the connection is closed. */
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
    if (connection.frames.length > 0) throw new Error(`a reply to nothing: ${connection.frames[0]}`);
  }
  return right;
}

describe('chaos', needs(redisServer), () => {
  it('every reply is the right one or an error, whatever is asked while connections break', async () => {
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
