/**
 * Ends the process with this exit code. Where a thread `isHeld` by a file system that does not answer, Node would wait
 * for it; a process that is replaced does not, so this one becomes one that only exits.
 */
export function end(code: number, isHeld: boolean): never {
  if (isHeld) process.execve?.(process.execPath, [process.execPath, '-e', `process.exit(${code})`], {});
  process.exit(code);
}
