import { readFile } from 'node:fs/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { CodedError } from '@pod-patterns/kit';
import type { Address, Endpoint, TlsFiles } from '../topology/endpoint.ts';
import { type OnBytes, ReadGate } from './read-gate.ts';
import { ReadTurn } from './read-turn.ts';
import { createResolver } from './resolve.ts';

const lookup = createResolver();

/** Read buffer shared by all plain upstream sockets: it is consumed before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(128 * 1024);
/**
 * Silence before the kernel probes the other end, once a second and ten times (libuv's figures):
 * a connection without an answer is lost after 15 s.
 */
const keepAliveMs = 5000;
/** Options of all upstream sockets, with and without TLS. */
const reads = new ReadTurn();

/**
 * Opens a connection to a Redis server; resolves the name each time.
 * @throws CodedError `connect-failed`, `connect-timeout`
 */
export async function connect(
  endpoint: Endpoint,
  onBytes: OnBytes,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ReadGate> {
  const { address, tls } = endpoint;
  const gate = tls === undefined ? openPlain(address, onBytes) : await openTls(address, tls, onBytes);
  const { socket } = gate;
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveMs);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (cause: unknown) => reject(new CodedError('connect-failed', messageOf(cause), { cause }));
  const stop = () => fail(new Error('stopped'));
  const timer = setTimeout(
    () => reject(new CodedError('connect-timeout', `no connection within ${timeoutMs} ms`)),
    timeoutMs,
  );
  signal.addEventListener('abort', stop, { once: true });
  socket.once(tls === undefined ? 'connect' : 'secureConnect', resolve);
  socket.on('error', fail);
  socket.once('close', () => fail(new Error('closed before it was established')));
  try {
    if (signal.aborted) stop();
    await promise;
    return gate;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

function openPlain(address: Address, onBytes: OnBytes): ReadGate {
  const socket: Socket = connectTcp({
    ...address,
    lookup,
    onread: {
      buffer: readBuffer,
      callback: (length) => {
        onBytes(readBuffer, length);
        return gate.passes(length);
      },
    },
  });
  const gate = new ReadGate(socket, reads);
  return gate;
}

async function openTls(address: Address, files: TlsFiles, onBytes: OnBytes): Promise<ReadGate> {
  const [ca, cert, key] = await Promise.all([files.ca, files.cert, files.key].map(readOptional));
  const host = 'host' in address && isIP(address.host) === 0 ? address.host : undefined;
  const servername = files.sni ?? host;
  const options: ConnectionOptions = {
    ...address,
    lookup,
    ...(servername === undefined ? {} : { servername }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    minVersion: 'TLSv1.2',
  };
  const socket = connectTls(options);
  const gate = new ReadGate(socket, reads);
  socket.on('data', (bytes: Buffer) => {
    onBytes(bytes, bytes.length);
    if (!gate.passes(bytes.length)) socket.pause();
  });
  return gate;
}

async function readOptional(file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  return readFile(file).catch((cause: unknown) => {
    throw new CodedError('connect-failed', messageOf(cause), { cause });
  });
}

/** Joins the reasons of all tried addresses. */
function messageOf(cause: unknown): string {
  if (cause instanceof AggregateError) {
    return cause.errors
      .map((error: unknown) => (error instanceof Error ? error.message : String(error)))
      .join('; ');
  }
  return cause instanceof Error ? cause.message : String(cause);
}
