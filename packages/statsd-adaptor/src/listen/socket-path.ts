import { once } from 'node:events';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { systemCode } from '@pod-patterns/kit';

/** Whether a path names no file, but a socket that only the network namespace knows: `@name`, as Go writes it. */
export function isAbstract(path: string): boolean {
  return path.startsWith('@');
}

/** A path as the kernel takes it. */
export function kernelPath(path: string): string {
  return isAbstract(path) ? `\0${path.slice(1)}` : path;
}

/**
 * Removes the socket file that a killed process has left behind.
 * @throws Error when another process listens there, or when the file is not a socket
 */
export async function makeWay(path: string): Promise<void> {
  const file = isAbstract(path) ? undefined : lstatSync(path, { throwIfNoEntry: false });
  if (file === undefined) return;
  if (!file.isSocket()) throw new Error('there is a file that is not a socket');
  if (!(await isStale(path))) throw new Error('another process listens there');
  rmSync(path, { force: true });
}

/** Gives the file of a socket its permissions; returns what removes it, unless another has taken its place. */
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
