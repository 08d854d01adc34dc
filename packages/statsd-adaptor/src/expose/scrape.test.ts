import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { acceptsGzip, answerScrape } from './scrape.ts';

describe('acceptsGzip', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['identity', false],
    ['gzip', true],
    ['GZIP', true],
    ['x-gzip', true],
    ['deflate, gzip', true],
    ['gzip;q=0', false],
    ['gzip; q=0.0', false],
    ['gzip;q=0.5, identity', true],
    ['gzip;q=1.0', true],
    ['deflate, br', false],
    ['notgzip', false],
  ])('takes %j as %s', (header, isAccepted) => {
    expect(acceptsGzip(header)).toBe(isAccepted);
  });
});

/** A server that answers with these pieces. */
async function serving(pieces: Iterable<string>) {
  const contentType = 'text/plain; version=0.0.4';
  const ended: Array<Promise<void>> = [];
  const server = createServer((incoming, response) => {
    ended.push(answerScrape(incoming, response, { contentType, pieces }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `http://127.0.0.1:${port}/`,
    ended,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('answerScrape', () => {
  it.each([['identity'], ['gzip']])('sends all pieces in order, as %s', async (encoding) => {
    const pieces = Array.from({ length: 50 }, (_, at) => `metric${at} ${'1'.repeat(20_000)}\n`);
    await using server = await serving(pieces);
    const response = await fetch(server.url, { headers: { 'accept-encoding': encoding } });
    expect(response.headers.get('content-encoding')).toBe(encoding === 'gzip' ? 'gzip' : null);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4');
    expect(await response.text()).toBe(pieces.join(''));
  });

  it('stops making pieces when the scraper goes away', async () => {
    let made = 0;
    const endless = (function* () {
      for (;;) {
        made++;
        yield 'x'.repeat(100_000);
      }
    })();
    await using server = await serving(endless);
    const asked = request(server.url).end();
    const [response] = await once(asked, 'response');
    await once(response, 'data');
    asked.destroy();
    await server.ended[0];
    const before = made;
    await new Promise(setImmediate);
    expect(made).toBe(before);
  });
});
