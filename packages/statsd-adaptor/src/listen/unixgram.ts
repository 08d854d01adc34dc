import { closeSync } from 'node:fs';
import type { Counts } from '../counts.ts';
import { listenFailure } from './address.ts';
import type { Intake } from './guarded.ts';
import { type Libc, loadLibc } from './libc.ts';
import { makeWay, settleFile } from './socket-path.ts';

export interface UnixgramOptions {
  readonly path: string;
  readonly mode: number | undefined;
  readonly counts: Pick<Counts, 'unixgramPackets' | 'unixgramCutPackets'>;
  readonly intake: Intake;
}

/** Maximum bytes to take of a datagram, as upstream. */
const maxDatagramBytes = 65_535;
/** Datagrams to take before other work gets a turn. */
const maxAtOnce = 64;

/**
 * Receives datagrams on a unix socket. Node has no such sockets: see docs/adr/0009.
 * @throws CodedError `listen-failed`
 */
export async function listenUnixgram(options: UnixgramOptions): Promise<AsyncDisposable> {
  const { path, mode } = options;
  try {
    const libc = loadLibc();
    await makeWay(path);
    const descriptor = bind(libc, path);
    const removeFile = settleFile(path, mode);
    const buffer = Buffer.alloc(maxDatagramBytes);
    const watch = libc.watch(descriptor, () => takeWaiting(libc, descriptor, { buffer, ...options }));
    return {
      [Symbol.asyncDispose]: async () => {
        removeFile();
        watch.close();
        closeSync(descriptor);
      },
    };
  } catch (cause) {
    throw listenFailure(`unixgram ${path}`, cause);
  }
}

function bind(libc: Libc, path: string): number {
  const descriptor = libc.socket();
  try {
    libc.bind(descriptor, path);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function takeWaiting(
  libc: Pick<Libc, 'receive'>,
  descriptor: number,
  { buffer, counts, intake }: Omit<UnixgramOptions, 'path' | 'mode'> & { readonly buffer: Buffer },
): void {
  for (let taken = 0; taken < maxAtOnce; taken++) {
    const size = libc.receive(descriptor, buffer);
    if (size === undefined) return;
    counts.unixgramPackets++;
    if (size <= buffer.length) intake.takeDatagram(buffer.subarray(0, size));
    else {
      // a line that was cut would be a different line
      counts.unixgramCutPackets++;
      intake.takeLines(buffer);
    }
  }
}
