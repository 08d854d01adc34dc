// Ambassador: the application connects to localhost; this program knows where the service really is.
// Usage: UPSTREAM=redis.example.svc:6379 node forward.mjs [PORT]
import { connect, createServer } from 'node:net';

const [host, port] = process.env.UPSTREAM.split(':');
const connectTimeoutMs = 1_000;
const drainTimeoutMs = 5_000;
const clients = new Set();

const server = createServer({ allowHalfOpen: true }, (client) => {
  clients.add(client);
  const upstream = connect({ host, port: Number(port), allowHalfOpen: true });
  upstream.setTimeout(connectTimeoutMs, () => upstream.destroy(new Error('connect timed out')));
  upstream.once('connect', () => upstream.setTimeout(0));
  // pipe() waits when one side is slow, so that memory stays bounded
  client.pipe(upstream);
  upstream.pipe(client);
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ]) {
    socket.on('error', (error) => process.stderr.write(`connection lost: ${error.message}\n`));
    // an end passes through pipe(); after an error the other side would wait for ever
    socket.on('close', (hadError) => hadError && other.destroy());
  }
  client.on('close', () => clients.delete(client));
});
server.listen(Number(process.argv[2] ?? 6379), '127.0.0.1', () => process.stderr.write('ready\n'));

process.once('SIGTERM', () => {
  server.close(); // the process ends with its last connection
  setTimeout(() => {
    for (const client of clients) client.destroy(new Error('still open after the drain timeout'));
  }, drainTimeoutMs).unref();
});
