import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { boundConnections } from './connections.ts';
import { Readiness } from './readiness.ts';
import { startAdminServer } from './server.ts';

it('closes the oldest connection if there are too many', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  boundConnections(server, 2);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const sockets = [];
  for (let at = 0; at < 3; at++) {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket.resume());
    await Promise.all([once(socket, 'connect'), once(server, 'connection')]);
  }
  const [first, ...others] = sockets;
  await once(first as NodeJS.EventEmitter, 'close'); // two are allowed
  expect(others.map(({ destroyed }) => destroyed)).toEqual([false, false]);
  for (const socket of others) socket.destroy();
  server.close();
});

it('answers one request of a connection at a time, and closes one that sends many at once', async () => {
  let asked = 0;
  const slow = () => {
    asked++;
    return new Promise<void>(() => {});
  };
  await using server = await startAdminServer({
    name: 'thing',
    version: '1',
    listen: { host: '127.0.0.1', port: 0 },
    metrics: new Registry(),
    readiness: new Readiness(),
    routes: new Map([['/slow', { answer: slow }]]),
    isOpenToAll: false,
  });
  const port = Number(server.address.split(':').at(-1));
  const socket = connect(port, '127.0.0.1').resume();
  socket.write('GET /slow HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(1000));
  await once(socket, 'close');
  expect(asked).toBe(1);
  const answer = request({ port, path: '/livez' }).end();
  const [response] = await once(answer, 'response');
  expect(response.statusCode).toBe(200);
  response.resume();
  answer.destroy();
});
