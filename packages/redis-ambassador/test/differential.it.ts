import { needs } from '@pod-patterns/kit/testing/needs';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionCommands } from './support/connection-commands.ts';
import { dataCommands } from './support/data-commands.ts';
import { RawConnection, request } from './support/raw-connection.ts';
import { Twins, withoutId } from './support/twins.ts';

const families = { ...dataCommands, ...connectionCommands };

type Delivery = 'one by one' | 'pipelined' | 'a byte at a time';

// the slow commands of the two servers differ
const alike = ['--enable-debug-command', 'yes', '--slowlog-log-slower-than', '-1'];

describe('replies equal those of a bare Redis, byte for byte', needs(redisServer), () => {
  let twins: Twins;
  beforeAll(async () => {
    twins = await Twins.start(alike);
  });
  afterAll(() => twins[Symbol.asyncDispose]());

  const cases = Object.keys(families).flatMap((family) =>
    ([2, 3] as const).flatMap((protocol) =>
      (['one by one', 'pipelined', 'a byte at a time'] as const).map((delivery) => ({
        family,
        protocol,
        delivery,
      })),
    ),
  );

  it.each(cases)('$family, RESP$protocol, $delivery', async ({ family, protocol, delivery }) => {
    const requests = [
      ['FLUSHALL'],
      ['HELLO', String(protocol)],
      ...requestsOf(families[family] ?? ''),
      ['QUIT'],
    ];
    const expected = await converse(twins.bare.port, requests, delivery);
    const got = await converse(twins.ambassador.port, requests, delivery);
    expect(readable(got)).toEqual(readable(expected));
  });
});

/** Sends the requests and resolves with all bytes received until the server closes. */
async function converse(port: number, requests: readonly string[][], delivery: Delivery): Promise<Buffer[]> {
  using connection = await RawConnection.open(port);
  if (delivery === 'one by one') {
    for (const words of requests) {
      const before = connection.frames.length;
      connection.command(...words);
      // some requests have no reply
      await connection.settle(before + 1, requests.some((one) => one[1] === 'REPLY') ? 20 : 1000);
    }
  } else {
    const bytes = Buffer.concat(requests.map((words) => request(...words)));
    if (delivery === 'pipelined') connection.send(bytes);
    else for (const byte of bytes) connection.send(Buffer.of(byte));
  }
  await connection.closed();
  return connection.frames;
}

/** Formats frames without parts that differ between any two servers or connections. */
function readable(frames: readonly Buffer[]): string[] {
  return frames.map((frame) => JSON.stringify(withoutId(frame)));
}

/** The requests of a family, each as words. */
function requestsOf(script: string): string[][] {
  return script
    .trim()
    .split('\n')
    .map((line) =>
      [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) =>
        quoted === undefined ? (bare ?? '') : quoted.replaceAll('\\n', '\n'),
      ),
    );
}
