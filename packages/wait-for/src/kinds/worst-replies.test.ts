import { mostSeconds, secondsOf } from '@pod-patterns/kit/testing/seconds';
import { describe, expect, it } from 'vitest';
import { tryOnce } from '../../testing/attempt.ts';
import { FakeServer } from '../../testing/fake-server.ts';
import { jsonFault } from '../keys/json-pointer.ts';

/** At least a megabyte. */
const much = (text: string) => text.repeat(Math.ceil(1_000_000 / text.length));
const pieces = [
  'a',
  ' ',
  '*1\r\n',
  '$-1\r\n',
  '-',
  '+PONG',
  '$1',
  'E',
  '\0',
  '\xff',
  '\r',
  '\n',
  'HTTP/1.1 200 OK\r\na: ',
];

describe.each(['redis', 'postgres', 'mysql', 'amqp', 'mongodb', 'kafka', 'http', 'grpc'])('%s', (scheme) => {
  it.each(pieces)('is not delayed by a server that sends a megabyte of %j', async (piece) => {
    const reply = Buffer.from(much(piece), 'latin1');
    await using server = await FakeServer.start((socket) => socket.end(reply));
    const start = performance.now();
    const outcome = await tryOnce(`${scheme}://127.0.0.1:${server.port}/`, { timeoutMs: 60_000 });
    expect(outcome).toMatchObject({ ok: false });
    expect((performance.now() - start) / 1000).toBeLessThan(mostSeconds);
  });
});

describe('JSON', () => {
  it.each(['[', '{"a":', '"', '\\', '1', ' ', '[1],', '"\\u'])(
    'of a megabyte of %j is read in time',
    (piece) => {
      const expectations = [{ pointer: `/${much('a/')}`, value: 'x' }];
      expect(secondsOf(() => jsonFault(much(piece), expectations))).toBeLessThan(mostSeconds);
      expect(secondsOf(() => jsonFault(JSON.stringify({ a: much(piece) }), expectations))).toBeLessThan(
        mostSeconds,
      );
    },
  );
});
