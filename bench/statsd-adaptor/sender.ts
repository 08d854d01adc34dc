import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { lines, pack } from './lines.ts';

/**
 * Sends lines from its own process, at a rate or, with rate 0, as fast as it can; prints the number sent.
 * Arguments: udp-packed|udp-single|tcp PORT SERIES RATE SECONDS
 */
const [mode, port, series, rate, seconds] = process.argv.slice(2);
const all = lines(Number(series));
const result = mode === 'tcp' ? await sendTcp() : await sendUdp(pack(all, mode === 'udp-packed' ? 1400 : 1));
process.stdout.write(`${JSON.stringify(result)}\n`);

async function sendUdp(datagrams: ReturnType<typeof pack>): Promise<{ lines: number; seconds: number }> {
  const socket = createSocket('udp4');
  socket.connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  let sent = 0;
  for (let at = 0; elapsed() < Number(seconds); ) {
    // a few lines at a time, so the rate is even, not a burst each millisecond
    const due = Number(rate) === 0 ? Number.POSITIVE_INFINITY : elapsed() * Number(rate);
    for (let burst = 0; burst < 20 && sent < due; burst++) {
      const { payload, lines: count } = datagrams[at++ % datagrams.length] ?? {
        payload: Buffer.alloc(0),
        lines: 0,
      };
      socket.send(payload);
      sent += count;
    }
    await turn();
  }
  const took = elapsed();
  socket.close();
  return { lines: sent, seconds: took };
}

async function sendTcp(): Promise<{ lines: number; seconds: number }> {
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  const payload = Buffer.from(`${all.join('\n')}\n`);
  const start = performance.now();
  let sent = 0;
  while (performance.now() - start < Number(seconds) * 1000) {
    sent += all.length;
    if (!socket.write(payload)) await once(socket, 'drain');
  }
  socket.end();
  await once(socket, 'close');
  return { lines: sent, seconds: (performance.now() - start) / 1000 };
}
