import { once } from 'node:events';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { systemCode } from '@pod-patterns/kit';

/** Whether a path is an abstract socket of the network namespace instead of a file: `@name`, as in Go. */
function isAbstract(path: string): boolean {
  return path.startsWith('@');
}

/** Converts a path for the kernel. */
export function kernelPath(path: string): string {
  return isAbstract(path) ? `\0${path.slice(1)}` : path;
}

/**
 * Removes the socket file of a killed process.
 * @throws Error if another process listens there, or the file is not a socket
 */
export async function makeWay(path: string): Promise<void> {
  const file = isAbstract(path) ? undefined : lstatSync(path, { throwIfNoEntry: false });
  if (file === undefined) return;
  if (!file.isSocket()) throw new Error('the existing file is not a socket');
  if (!(await isStale(path))) throw new Error('another process is listening on it');
  rmSync(path, { force: true });
}

/** Sets the permissions of a socket file; returns a function that removes it, unless another file has replaced it. */
export function settleFile(path: string, mode: number | undefined): () => void {
  if (isAbstract(path)) return () => {};
  if (mode !== undefined) chmodSync(path, mode);
  const ours = lstatSync(path);
  return () => {
    const file = lstatSync(path, { throwIfNoEntry: false });
    if (file?.ino === ours.ino && file.dev === ours.dev) rmSync(path, { force: true });
  };
}

/** The kernel refuses a connection of any kind if no process has the socket open. */
async function isStale(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    return systemCode(error) === 'ECONNREFUSED';
  } finally {
    socket.destroy();
  }
}
