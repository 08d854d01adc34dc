import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Relay } from './relay.ts';

/** A StatsD server that records its packets. */
async function listening() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const packets: string[] = [];
  socket.on('message', (bytes) => packets.push(bytes.toString()));
  return {
    packets,
    target: { host: '127.0.0.1', port: socket.address().port },
    next: () => once(socket, 'message'),
    [Symbol.dispose]: () => void socket.close(),
  };
}

const quiet = { failed: () => {}, recovered: () => {} };
const add = (relay: Relay, line: string) =>
  relay.add(Buffer.from(`x${line}x`), 1, 1 + Buffer.byteLength(line));

describe('Relay', () => {
  it('packs lines up to the length of a packet', async () => {
    using server = await listening();
    const relay = await Relay.open({ target: server.target, packetBytes: 16, faults: quiet });
    const received = server.next();
    for (const line of ['a:1|c', 'bb:2|c', 'c:3|c']) add(relay, line);
    await received;
    const last = server.next();
    await relay[Symbol.asyncDispose]();
    await last;
    expect(server.packets).toEqual(['a:1|c\nbb:2|c\n', 'c:3|c\n']);
    expect(relay.counts).toMatchObject({ packets: 2, lines: 3, longLines: 0, failedPackets: 0 });
  });

  it('leaves out lines that do not fit in a packet', async () => {
    using server = await listening();
    const relay = await Relay.open({ target: server.target, packetBytes: 16, faults: quiet });
    const received = server.next();
    add(relay, 'x'.repeat(16));
    add(relay, 'y'.repeat(15));
    await relay[Symbol.asyncDispose]();
    await received;
    expect(server.packets).toEqual([`${'y'.repeat(15)}\n`]);
    expect(relay.counts).toMatchObject({ packets: 1, lines: 1, longLines: 1 });
  });

  it('sends buffered lines once a second', async () => {
    using server = await listening();
    await using relay = await Relay.open({ target: server.target, packetBytes: 1400, faults: quiet });
    const received = server.next();
    add(relay, 'a:1|c');
    await received;
    expect(server.packets).toEqual(['a:1|c\n']);
  });

  it('counts and logs an unreachable target, and continues', async () => {
    const faults: string[] = [];
    const faultLog = { failed: (reason: string) => void faults.push(reason), recovered: () => {} };
    // broadcasting was not enabled, so the kernel refuses
    await using relay = await Relay.open({
      target: { host: '255.255.255.255', port: 9 },
      packetBytes: 16,
      faults: faultLog,
    });
    for (let at = 0; at < 20; at++) add(relay, `name${at}:1|c`);
    await expect.poll(() => relay.counts.failedPackets).toBeGreaterThan(3);
    expect(faults.length).toBe(relay.counts.failedPackets);
  });

  it('fails to open if the name cannot be resolved', async () => {
    const opening = Relay.open({
      target: { host: 'nowhere.invalid', port: 1 },
      packetBytes: 16,
      faults: quiet,
    });
    await expect(opening).rejects.toMatchObject({
      code: 'relay-target',
      message: expect.stringContaining('nowhere.invalid:1'),
    });
  });
});
