import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { HostPort } from '@pod-patterns/kit';
import { addressFailure, listenOn } from './address.ts';
import { createStreamServer, type StreamOptions } from './stream-server.ts';

export interface TcpListener extends AsyncDisposable {
  readonly address: HostPort;
}

/**
 * Receives lines over TCP.
 * @throws CodedError `listen-failed`
 */
export async function listenTcp(listen: HostPort, options: StreamOptions): Promise<TcpListener> {
  const stream = createStreamServer(options);
  try {
    await listenOn(listen.host, async (host) => {
      stream.server.listen({ host, port: listen.port });
      await once(stream.server, 'listening');
    });
  } catch (cause) {
    throw addressFailure('tcp', listen, cause);
  }
  const { address, port } = stream.server.address() as AddressInfo; // a TCP server that listens has one
  return {
    address: { host: address, port },
    [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
  };
}
