/**
 * Ends as the command: the process is replaced and keeps its id, so signals and the exit code are the
 * command's own. Returns only if this runtime cannot do it.
 */
export function become(file: string, command: readonly string[], env: NodeJS.ProcessEnv): void {
  // Node ignores these and a command would inherit that; signals with a handler are reset to the default
  process.on('SIGPIPE', () => {}).on('SIGXFSZ', () => {});
  process.execve?.(file, [...command], env);
}
