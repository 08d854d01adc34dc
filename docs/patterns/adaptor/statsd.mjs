// Adaptor: takes StatsD counters and gauges on UDP, serves them as Prometheus metrics over HTTP.
// Usage: node statsd.mjs [UDP_PORT] [HTTP_PORT]
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';

const udpPort = Number(process.argv[2] ?? 8125);
const httpPort = Number(process.argv[3] ?? 9102);
const types = { c: 'counter', g: 'gauge' };
const metrics = new Map(); // name → { type, value }
let refusedLines = 0;

const socket = createSocket('udp4');
socket.on('message', (datagram) => {
  for (const line of datagram.toString().split('\n')) if (line !== '') take(line);
});

// name:value|type, with |@rate after it where the application counted only a share of the events
const pattern = /^(?<name>[A-Za-z_][^:]*):(?<value>[-+]?[\d.]+)\|(?<letter>[cg])(?:\|@(?<rate>[\d.]+))?$/;

function take(line) {
  const { name = '', value: text = '', letter, rate = 1 } = line.match(pattern)?.groups ?? {};
  const [key, type, value] = [name.replace(/\W/g, '_'), types[letter], Number(text) / Number(rate)];
  const metric = metrics.get(key) ?? { type, value: 0 };
  if (type === undefined || type !== metric.type || !Number.isFinite(value)) {
    refusedLines += 1; // bad input is counted and never ends the process
    return;
  }
  const isRelative = type === 'counter' || /^[-+]/.test(text);
  metric.value = isRelative ? metric.value + value : value;
  metrics.set(key, metric);
}

const server = createServer((request, response) => {
  if (request.url !== '/metrics') return response.writeHead(404).end();
  let text = `# TYPE refused_lines counter\nrefused_lines ${refusedLines}\n`;
  for (const [name, { type, value }] of metrics) text += `# TYPE ${name} ${type}\n${name} ${value}\n`;
  response.setHeader('content-type', 'text/plain; version=0.0.4').end(text);
});
// only the pod may send; the startup probe of the pod passes when both ports are open
socket.bind(udpPort, '127.0.0.1', () => {
  server.listen(httpPort, () => process.stderr.write('ready\n'));
});

process.once('SIGTERM', () => {
  socket.close();
  server.close();
});
