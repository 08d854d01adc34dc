import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { describeError } from '@pod-patterns/kit';
import type * as Koffi from 'koffi';
import { kernelPath } from './socket-path.ts';

/** Calls of the C library that have no equivalent in Node. */
export interface Libc {
  /** Opens a non-blocking AF_UNIX datagram socket. @throws Error */
  readonly socket: () => number;
  /** @throws Error with the system's `code` */
  readonly bind: (descriptor: number, path: string) => void;
  /** Receives the next datagram; returns its full size, even if it exceeds the buffer; undefined without one. */
  readonly receive: (descriptor: number, into: Buffer) => number | undefined;
  /** Calls back whenever a datagram is waiting. */
  readonly watch: (descriptor: number, onReadable: () => void) => { close(): void };
}

// the same numbers on amd64 and arm64
const unixFamily = 1;
const datagram = 2;
const nonBlocking = 0o4000;
const closeOnExec = 0o2000000;
const fullSize = 0x20;

/**
 * Loads the native library, `koffi.node`: the file beside the program, as in an image, or else the package's.
 * @throws Error if there is none for this machine
 */
export function loadLibc(program = process.argv[1] ?? ''): Libc {
  const koffi = loadKoffi(program);
  const library = koffi.load('libc.so.6');
  const socket = library.func('int socket(int, int, int)');
  const bind = library.func('int bind(int, void *, uint32_t)');
  const receive = library.func('intptr_t recv(int, void *, size_t, int)');
  const check = (call: string, result: number): number => {
    if (result >= 0) return result;
    const code = getSystemErrorName(-koffi.errno());
    throw Object.assign(new Error(`${call} ${code}`), { code });
  };
  return {
    socket: () => check('socket', socket(unixFamily, datagram | nonBlocking | closeOnExec, 0)),
    bind: (descriptor, path) => {
      const address = socketAddress(path);
      check('bind', bind(descriptor, address, address.length));
    },
    receive: (descriptor, into) => {
      const size: number = receive(descriptor, into, into.length, fullSize);
      return size < 0 ? undefined : size;
    },
    watch: (descriptor, onReadable) => koffi.node.poll(descriptor, onReadable),
  };
}

/** A `sockaddr_un`: the family, in the byte order of amd64 and arm64, then the path. */
function socketAddress(path: string): Buffer {
  const address = Buffer.from(`__${kernelPath(path)}`);
  address.writeUInt16LE(unixFamily);
  return address;
}

function loadKoffi(program: string): typeof Koffi {
  const beside = join(dirname(program), 'koffi.node');
  const packaged = `@koromix/koffi-linux-${process.arch}/linux_${process.arch}/koffi.node`;
  const require = createRequire(program);
  try {
    return require(existsSync(beside) ? beside : packaged);
  } catch (cause) {
    const [reason] = describeError(cause).split('\n');
    throw new Error(`cannot load the native library, expected at ${beside}: ${reason}`, { cause });
  }
}
