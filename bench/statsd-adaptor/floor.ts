import { createSocket } from 'node:dgram';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';

/**
 * The floor: a bare Node program that receives lines and looks up each one's key in a Map. No JavaScript parser on
 * Node's sockets can receive much faster.
 * Arguments: PORT ADMIN-PORT
 */
const [port, adminPort] = process.argv.slice(2).map(Number);
const keys = new Map<string, number>();
let received = 0;

function take(text: string): void {
  for (const line of text.split('\n')) {
    if (line === '') continue;
    received++;
    const key = line.slice(0, line.indexOf(':')) + line.slice(line.indexOf('|'));
    keys.set(key, (keys.get(key) ?? 0) + 1);
  }
}

const udp = createSocket('udp4', (bytes) => take(bytes.toString('latin1')));
udp.bind({ port, address: '127.0.0.1', exclusive: true }, () => udp.setRecvBufferSize(8 << 20));
createServer((socket) => socket.setEncoding('latin1').on('data', take)).listen(port, '127.0.0.1');
createHttp((_, response) => response.end(`statsd_exporter_lines_total ${received}\n`)).listen(
  adminPort,
  '127.0.0.1',
);
