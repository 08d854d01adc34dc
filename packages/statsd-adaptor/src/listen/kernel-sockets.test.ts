import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ownKernelSockets, parseKernelSockets } from './kernel-sockets.ts';

const table = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 1046: 00000000:23A5 00000000:0000 07 00000000:00000300 00:00000000 00000000     0        0 12345 2 0000000000000000 17
 1047: 00000000000000000000000001000000:1FBD 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000 65532        0 6 2 0000000000000000 0
`;

describe('parseKernelSockets', () => {
  it('reads ports, queues and drops of IPv4 and IPv6', () => {
    expect(parseKernelSockets(table)).toEqual([
      { port: 9125, inode: '12345', queuedBytes: 768, drops: 17 },
      { port: 8125, inode: '6', queuedBytes: 0, drops: 0 },
    ]);
  });

  it.each([[''], ['\n'], ['sl local\n'], ['sl\n1: 2\n']])('finds nothing in %j', (text) => {
    expect(parseKernelSockets(text)).toEqual([]);
  });
});

describe('ownKernelSockets', () => {
  it('finds a socket of this process and its queued bytes', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    expect((await ownKernelSockets()).map((each) => each.port)).toContain(port);
    socket.close();
    await once(socket, 'close');
    expect((await ownKernelSockets()).map((each) => each.port)).not.toContain(port);
  });
});
