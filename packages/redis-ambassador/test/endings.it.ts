import { needs } from '@pod-patterns/kit/testing/needs';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawConnection, request } from './support/raw-connection.ts';
import { Twins, withoutId } from './support/twins.ts';

const large = Buffer.alloc(2 * 1024 * 1024, 'x');
type Words = ReadonlyArray<string | Buffer>;

/** Last requests of a client before it half-closes. */
const conversations: Readonly<Record<string, readonly Words[]>> = {
  nothing: [],
  'a command': [['SET', 'a', '1']],
  'a pipeline': Array.from({ length: 500 }, () => ['INCR', 'n']),
  'a request over 1 MiB': [['SET', 'a', large]],
  'a request over 1 MiB and later requests': [
    ['SET', 'a', large],
    ['SET', 'b', '1'],
    ['STRLEN', 'a'],
  ],
  DEBUG: [
    ['DEBUG', 'SLEEP', '0'],
    ['ECHO', 'x'],
  ],
  'a transaction': [['MULTI'], ['SET', 'a', '1'], ['GET', 'a'], ['EXEC']],
  'half a transaction': [['SET', 'a', '1'], ['MULTI'], ['SET', 'a', '2']],
  WATCH: [
    ['WATCH', 'a'],
    ['GET', 'none'],
  ],
  'CLIENT TRACKING': [
    ['HELLO', '3'],
    ['CLIENT', 'TRACKING', 'ON'],
    ['GET', 'none'],
  ],
  'a subscription': [
    ['SUBSCRIBE', 'a', 'b'],
    ['PSUBSCRIBE', 'p*'],
  ],
  'a subscription and PING': [['SUBSCRIBE', 'a'], ['PING'], ['PING', 'x'], ['GET', 'a']],
  'a subscription in RESP3': [['HELLO', '3'], ['SUBSCRIBE', 'a'], ['PING'], ['ECHO', 'x']],
  'a command after a subscription': [['SUBSCRIBE', 'a'], ['UNSUBSCRIBE'], ['ECHO', 'x']],
  'a blocking command': [
    ['ECHO', 'x'],
    ['BLPOP', 'none', '0'],
    ['ECHO', 'never'],
  ],
  'a blocking command after a large request': [
    ['SET', 'a', large],
    ['BLPOP', 'none', '0'],
  ],
  'a command that need not block': [
    ['RPUSH', 'q', 'x'],
    ['BLPOP', 'q', '0'],
    ['DEL', 'q'],
  ],
};

describe('a client gets the same replies as from a bare Redis', needs(redisServer), () => {
  let twins: Twins;
  beforeAll(async () => {
    twins = await Twins.start(['--enable-debug-command', 'yes']);
  });
  afterAll(() => twins[Symbol.asyncDispose]());

  /** All bytes received until the server closes. */
  async function converse(port: number, bytes: Buffer): Promise<string[]> {
    using connection = await RawConnection.open(port);
    connection.socket.end(bytes);
    await connection.closed();
    return connection.frames.map(withoutId);
  }

  const requestsOf = (conversation: readonly Words[]) =>
    Buffer.concat([request('FLUSHALL'), ...conversation.map((words) => request(...words))]);

  it.each(Object.keys(conversations))('after %s and a half-close', async (name) => {
    const bytes = requestsOf(conversations[name] ?? []);
    expect(await converse(twins.ambassador.port, bytes)).toEqual(await converse(twins.bare.port, bytes));
  });

  // a blocked client never reaches QUIT
  it.each(Object.keys(conversations).filter((name) => !name.startsWith('a blocking command')))(
    'after %s and QUIT',
    async (name) => {
      const bytes = requestsOf([...(conversations[name] ?? []), ['QUIT'], ['ECHO', 'never']]);
      expect(await converse(twins.ambassador.port, bytes)).toEqual(await converse(twins.bare.port, bytes));
    },
  );

  it.each([
    ['a command', request('ECHO', 'x').subarray(0, -4)],
    ['a large one', request('SET', 'a', large).subarray(0, -500_000)],
  ])('after a half-close in the middle of %s', async (_, part) => {
    const bytes = Buffer.concat([request('SET', 'a', '1'), part]);
    expect(await converse(twins.ambassador.port, bytes)).toEqual(['+OK\r\n']);
    expect(await converse(twins.ambassador.port, request('GET', 'a'))).toEqual(['$1\r\n1\r\n']);
  });

  it('after MONITOR, more requests and QUIT', async () => {
    using monitor = await RawConnection.open(twins.ambassador.port);
    monitor.command('MONITOR').command('ECHO', 'between').command('QUIT');
    await monitor.closed();
    const replies = monitor.frames.map(String).filter((frame) => !/^\+\d/.test(frame));
    expect(replies).toEqual(['+OK\r\n', '$7\r\nbetween\r\n', '+OK\r\n']);
  });
});
