import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { acceptSocket, rewrap } from './accept.ts';

/** Accepts one connection and collects its bytes. */
async function converse(wrap: typeof rewrap, text = 'hello') {
  const server = createServer({ pauseOnConnect: true, highWaterMark: 1 }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  const client = connect(port, '127.0.0.1');
  const [accepted]: Socket[] = await once(server, 'connection');
  if (accepted === undefined) throw new Error('no connection was accepted');
  let heard = '';
  const { socket } = acceptSocket(
    accepted,
    (bytes, length) => {
      heard += bytes.toString('latin1', 0, length);
    },
    wrap,
  );
  const ended = once(socket, 'end');
  client.write(text);
  socket.write('welcome');
  expect(String((await once(client, 'data'))[0])).toBe('welcome');
  client.end(' there');
  await ended;
  const isSame = socket === accepted;
  const closed = once(client, 'close');
  socket.destroy();
  server.close();
  await Promise.all([closed, once(server, 'close')]);
  return { heard, isSame };
}

describe('acceptSocket', () => {
  it('reads into reused memory', async () => {
    expect(await converse(rewrap)).toEqual({ heard: 'hello there', isSame: false });
  });

  it('reads into new memory if Node does not support reuse', async () => {
    expect(await converse(() => undefined)).toEqual({ heard: 'hello there', isSame: true });
  });

  it.each([
    ['with reused memory', rewrap],
    ['with new memory', () => undefined],
  ])('continues after the limit of one turn of the event loop, %s', async (_, wrap) => {
    const length = 20_000_000;
    const { heard } = await converse(wrap, 'x'.repeat(length));
    expect(heard.length).toBe(length + ' there'.length);
  });
});
