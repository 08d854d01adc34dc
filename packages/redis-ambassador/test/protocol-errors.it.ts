import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RawConnection } from './support/raw-connection.ts';

const tooLong = 'x'.repeat(256 * 1024);

/** Redis closes with unread bytes here, so that its own answer is sometimes lost. */
const endless: ReadonlyArray<readonly [title: string, bytes: string, fault: string]> = [
  ['an inline request', tooLong, 'too big inline request'],
  ['an array header', `*${tooLong}`, 'too big mbulk count string'],
  ['a bulk header', `*1\r\n$${tooLong}`, 'too big bulk count string'],
];

/** Malformed requests, and borderline ones. */
const cases: ReadonlyArray<readonly [title: string, bytes: string]> = [
  ['an array length that is not a number', '*x\r\n'],
  ['an array length with a leading zero', '*01\r\n'],
  ['an array length with a plus', '*+1\r\n$4\r\nPING\r\n'],
  ['an empty array length', '*\r\n'],
  ['an array length above 2^31 - 1', '*2147483648\r\n'],
  ['empty and null arrays before a request', '*0\r\n*-1\r\nPING\r\n'],
  ['an argument other than a bulk string', '*1\r\nPING\r\n'],
  ['a bulk length that is not a number', '*1\r\n$x\r\n'],
  ['a negative bulk length', '*1\r\n$-1\r\n'],
  ['a bulk length above 512 MB', '*2\r\n$3\r\nGET\r\n$536870913\r\n'],
  ['a bulk string with other bytes after it', '*1\r\n$4\r\nPINGxx*1\r\n$4\r\nPING\r\n'],
  ['a header that ends in CR and any byte', '*1\rx$4\rxPING\r\n'],
  ['empty arguments', '*2\r\n$4\r\nECHO\r\n$0\r\n\r\n'],
  ['an empty command', '*1\r\n$0\r\n\r\n'],
  ['an inline request', 'PING\r\n'],
  ['an inline request without CR', 'PING\nPING\n'],
  ['blank inline requests', '\r\n \r\n\t\nPING\r\n'],
  ['inline quotes', 'ECHO "a b"\r\nECHO \'a\\\'b\'\r\nECHO "\\x41\\n\\"\\q"\r\nECHO a"b"\r\n'],
  ['unbalanced inline quotes', 'SET "a b\r\n'],
  ['inline quotes before text', 'ECHO "a"b\r\n'],
  ['an error between requests', 'PING\r\n*1\r\n$4\r\nPING\r\n*1\r\nX\r\nPING\r\n'],
  ['a POST of a browser', 'POST / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['the Host header of a browser', 'Host: x\r\n\r\n'],
  ['an unknown command with long arguments', `NOPE ${'a'.repeat(200)} ${'b'.repeat(200)}\r\n`],
  ['an unknown command with a long name', `${'N'.repeat(300)} a\r\n`],
];

describe('malformed bytes get the same answer as from a bare Redis', needs(redisServer), () => {
  let redis: RedisServer;
  let ambassador: Ambassador;

  beforeAll(async () => {
    redis = await RedisServer.start();
    ambassador = await Ambassador.start(redis.port);
  });
  afterAll(async () => {
    await ambassador[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  it.each(cases)('%s', async (_, bytes) => {
    const expected = await answerTo(redis.port, bytes);
    expect(await answerTo(ambassador.port, bytes)).toEqual(expected);
    for (const part of [1, 7, 1000]) {
      expect(await answerTo(ambassador.port, bytes, part)).toEqual(expected);
    }
  });

  it('in a request of a browser, whose second line closes the connection', async () => {
    // in one piece: otherwise the error for the first line depends on timing
    const bytes = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
    expect(await answerTo(ambassador.port, bytes)).toEqual(await answerTo(redis.port, bytes));
  });

  it.each(endless)('%s that does not end', async (_, bytes, fault) => {
    const expected = { answer: `-ERR Protocol error: ${fault}\r\n`, isClosed: true };
    expect(await answerTo(ambassador.port, bytes)).toEqual(expected);
  });
});

/** Returns the answer, and whether the server closes the connection. */
async function answerTo(port: number, bytes: string, partSize = bytes.length) {
  using connection = await RawConnection.open(port);
  for (let at = 0; at < bytes.length; at += partSize) connection.send(bytes.slice(at, at + partSize));
  // only a server that keeps the connection answers this
  connection.send('*2\r\n$4\r\nECHO\r\n$4\r\ndone\r\n');
  await connection.until(({ bytes: got, isClosed }) => isClosed || got.includes('$4\r\ndone\r\n'));
  return { answer: connection.bytes.toString('latin1'), isClosed: connection.isClosed };
}
