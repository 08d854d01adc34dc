import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { Refusal } from '@pod-patterns/kit';
import { assert, expect, it } from 'vitest';
import { StreamSink } from './stream-sink.ts';
import { readSyslogUrl } from './syslog-url.ts';

/** A receiver in its own thread that closes each connection unread. */
const closesAtOnce = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer((socket) => socket.destroy());
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

/** Blocks this thread once after each connect for longer than the receiver needs, like a busy machine. */
function stallAfterConnect(): Disposable {
  const never = new Int32Array(new SharedArrayBuffer(4));
  const stall = () => Atomics.wait(never, 0, 0, 200);
  const onSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket }; // the only kind of message on this channel
    socket.once('connect', () => setImmediate(stall));
  };
  subscribe('net.client.socket', onSocket);
  return { [Symbol.dispose]: () => unsubscribe('net.client.socket', onSocket) };
}

it('counts nothing as delivered on a connection that was closed unread, even on a slow machine', async () => {
  const worker = new Worker(closesAtOnce, { eval: true });
  try {
    const [port] = await once(worker, 'message');
    const { signal } = new AbortController();
    const address = readSyslogUrl(`syslog+tcp://127.0.0.1:${port}`);
    assert(address !== undefined && !(address instanceof Refusal));
    await using sink = new StreamSink('syslog', address);
    using _ = stallAfterConnect();
    const bytes = Buffer.alloc(30_000, 'x');
    expect(await sink.send({ bytes, count: 1, groups: [] }, signal)).toMatchObject({
      kind: 'retry',
      mayHaveArrived: true,
    });
  } finally {
    await worker.terminate();
  }
});
