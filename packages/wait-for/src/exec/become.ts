/**
 * Replaces the process by the command, which keeps its id, gets its signals and sets the exit code.
 * Returns only if this runtime cannot do it.
 */
export function become(file: string, command: readonly string[], env: NodeJS.ProcessEnv): void {
  // Node ignores these signals, and the command would inherit that; a handler resets them to the default
  process.on('SIGPIPE', () => {}).on('SIGXFSZ', () => {});
  process.execve?.(file, [...command], env);
}
