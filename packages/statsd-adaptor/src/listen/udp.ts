import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { HostPort } from '@pod-patterns/kit';
import { addressFailure, listenOn } from './address.ts';

export interface UdpOptions {
  readonly listen: HostPort;
  /** Size to request; the kernel grants at most `net.core.rmem_max`. 0 keeps its default. */
  readonly receiveBufferBytes: number;
  readonly onDatagram: (bytes: Buffer) => void;
  readonly onError: (error: Error) => void;
}

export interface UdpListener extends AsyncDisposable {
  /** The actual address. */
  readonly address: HostPort;
  /** Size granted, as the kernel accounts it. */
  readonly receiveBufferBytes: number;
}

/**
 * Receives datagrams.
 * @throws CodedError `listen-failed`
 */
export async function listenUdp({
  listen,
  receiveBufferBytes,
  onDatagram,
  onError,
}: UdpOptions): Promise<UdpListener> {
  const socket = await bind(listen);
  if (receiveBufferBytes > 0) askForBuffer(socket, receiveBufferBytes);
  socket.on('message', onDatagram).on('error', onError);
  const { address: host, port } = socket.address();
  return {
    address: { host, port },
    receiveBufferBytes: socket.getRecvBufferSize(),
    [Symbol.asyncDispose]: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

/** Requests a buffer size; some sandboxes refuse, and the actual size is reported anyway. */
function askForBuffer(socket: Socket, size: number): void {
  try {
    socket.setRecvBufferSize(size);
  } catch {
    // the listener reports its receiveBufferBytes
  }
}

async function bind({ host, port }: HostPort): Promise<Socket> {
  try {
    return await listenOn(host, async (address) => {
      const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
      socket.bind({ address, port, exclusive: true });
      await once(socket, 'listening');
      return socket;
    });
  } catch (cause) {
    throw addressFailure('udp', { host, port }, cause);
  }
}
