/**
 * Ends the process with this exit code. If a thread `isHeld` by a dead file system, Node would wait for it. So the
 * process is replaced by one that only exits.
 */
export function end(code: number, isHeld: boolean): never {
  if (isHeld) process.execve?.(process.execPath, [process.execPath, '-e', `process.exit(${code})`], {});
  process.exit(code);
}
