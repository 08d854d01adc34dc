import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fluentSink, syslogSink } from './stream-sinks.ts';

/**
 * Backends that throw everything away, in a process of their own. They tell their parent their ports, and when
 * asked how much came and when the last of it did. Lines that carry `"sentAt":<ms>` are asked how long they took.
 */
let bytes = 0;
let lines = 0;
let requests = 0;
let lastAtMs = 0;
let latencies: number[] = [];
const mark = Buffer.from('"sentAt":');

const server = createServer((request, response) => {
  requests++;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
    lastAtMs = performance.timeOrigin + performance.now();
    // one line of a piece stands for it: they came together
    for (
      let at = chunk.indexOf(mark);
      at >= 0 && at + 40 < chunk.length;
      at = chunk.indexOf(mark, at + 2000)
    ) {
      const sentAt = Number.parseFloat(chunk.toString('latin1', at + mark.length, at + mark.length + 20));
      latencies.push(lastAtMs - sentAt);
    }
  });
  // Elasticsearch reads it, the others do not
  request.on('end', () => response.writeHead(200).end('{"errors":false}'));
});

process.on('message', (message) => {
  if (message === 'reset') {
    bytes = lines = requests = 0;
    latencies = [];
  }
  process.send?.({ bytes, lines, requests, lastAtMs, latencies });
});
const onBytes = (count: number) => {
  bytes += count;
  lastAtMs = performance.timeOrigin + performance.now();
};
const [syslog, fluent] = await Promise.all([syslogSink(onBytes), fluentSink(onBytes)]);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // it listens on TCP
  process.send?.({ http: port, syslog, fluent });
});
