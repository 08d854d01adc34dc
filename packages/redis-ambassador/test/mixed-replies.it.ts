import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RawConnection, request } from './support/raw-connection.ts';
import { bulk, digestOf, SlowReader } from './support/slow-reader.ts';

const names = ['tiny', 'small', 'nearly', 'large', 'larger'] as const;
/** A reply is large from 2 MiB on. */
const sizes = { tiny: 10, small: 100_000, nearly: 1_900_000, large: 2_200_000, larger: 4_000_000 };
const mostClients = 6;

type Name = (typeof names)[number];
type Step = { readonly kind: 'read' | 'list' | 'write' | 'echo'; readonly name: Name };

/** Each client has its own values, which only it reads. */
const keyOf = (name: Name, client: number) => `${name} value of client ${client} `;
const contentOf = (name: Name, client: number) => Buffer.alloc(sizes[name], keyOf(name, client));

/** A client's pipelines, each sent after the previous one is answered, and its reading speed. */
interface Life {
  readonly pauseMs: number;
  readonly pipelines: ReadonlyArray<readonly Step[]>;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('read', 'read', 'list', 'write', 'echo'),
  name: fc.constantFrom(...names),
});
// few enough that replies that cannot be retried stay within --max-unread
const pipeline = fc.array(step, { minLength: 1, maxLength: 2 });
const life: fc.Arbitrary<Life> = fc.record({
  pauseMs: fc.constantFrom(0, 0, 1, 2),
  pipelines: fc.array(pipeline, { minLength: 1, maxLength: 4 }),
});

let lives = 0;

/** Requests of a step with their expected replies, which name the client and the request. */
function exchangeOf(
  { kind, name }: Step,
  client: number,
  mark: string,
): readonly [request: Buffer, reply: Buffer] {
  const key = keyOf(name, client);
  const value = bulk(contentOf(name, client));
  switch (kind) {
    case 'read':
      return [request('GET', key), value];
    case 'list':
      return [
        request('MGET', key, `none of ${mark}`, key),
        Buffer.concat([Buffer.from('*3\r\n'), value, Buffer.from('$-1\r\n'), value]),
      ];
    case 'write':
      return [request('SET', mark, mark, 'GET'), Buffer.from('$-1\r\n')];
    case 'echo':
      return [request('ECHO', mark), bulk(mark)];
  }
}

async function live(port: number, index: number, { pauseMs, pipelines }: Life): Promise<void> {
  const who = `life ${lives++}`;
  using client = await SlowReader.open(port, pauseMs);
  for (const [round, steps] of pipelines.entries()) {
    const exchanges = steps.map((step, at) => exchangeOf(step, index, `${who}:${round}:${at}`));
    client.send(...exchanges.map(([asked]) => asked));
    expect(await client.replies(steps.length)).toEqual(exchanges.map(([, reply]) => digestOf(reply)));
  }
  expect(await client.ask('ECHO', who)).toBe(digestOf(bulk(who)));
}

describe('clients with replies of all sizes on few connections', needs(redisServer), () => {
  let redis: RedisServer;
  let ambassador: Ambassador;
  beforeAll(async () => {
    redis = await RedisServer.start();
    ambassador = await Ambassador.start(redis.port, ['--max-unread', '16MiB', '--connections', '2']);
    using direct = await RawConnection.open(redis.port);
    for (let client = 0; client < mostClients; client++) {
      for (const name of names) await direct.ask('SET', keyOf(name, client), contentOf(name, client));
    }
  });
  afterAll(async () => {
    await ambassador[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  it('each get exactly their own replies in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 2, maxLength: mostClients }), async (all) => {
        await Promise.all(all.map((life, index) => live(ambassador.port, index, life)));
      }),
      { numRuns: 12 },
    );
    expect(await ambassador.metric('redis_ambassador_repeated_total')).toBeGreaterThan(0);
    expect(await ambassador.metric('redis_ambassador_in_flight')).toBe(0);
    expect(await ambassador.metric('redis_ambassador_rejected_total{reason="unread"}')).toBe(0);
  }, 120_000);
});
